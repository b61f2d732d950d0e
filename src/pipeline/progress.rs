//! The stages of a run, for display; how they are displayed is decided elsewhere.

/// A part of a run that may take a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The theme's own build is running.
    Building,
    /// The theme is being read.
    Reading,
    /// Pages are being guarded and judged.
    Guarding,
    /// The theme is being checked, and the generated parts of its bundle are being made.
    Checking,
    /// Style sheets are being compiled.
    Styles,
    /// The bundle is being zipped.
    Zipping,
    /// Results are being written.
    Writing,
}

impl Stage {
    /// All stages, in the order in which they may begin.
    pub const ALL: [Stage; 7] = [
        Stage::Building,
        Stage::Reading,
        Stage::Guarding,
        Stage::Checking,
        Stage::Styles,
        Stage::Zipping,
        Stage::Writing,
    ];

    /// Describes the stage in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Stage::Building => "running its build",
            Stage::Reading => "reading the theme",
            Stage::Guarding => "guarding its pages",
            Stage::Checking => "checking the theme",
            Stage::Styles => "compiling its styles",
            Stage::Zipping => "zipping the bundle",
            Stage::Writing => "writing",
        }
    }
}

/// Receives each stage as it begins.
pub trait Progress: Sync {
    /// Called when a stage begins; earlier stages may still be running.
    fn begin(&self, stage: Stage);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _stage: Stage) {}
}
