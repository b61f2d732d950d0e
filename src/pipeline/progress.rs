//! What a run is doing, for whoever wants to show it; it says nothing about how.

/// A part of a run that may take a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The theme's own build runs.
    Building,
    /// The theme is read.
    Reading,
    /// Pages are guarded, and judged.
    Guarding,
    /// The theme is checked, and the generated parts of its bundle are made.
    Checking,
    /// Style sheets are compiled.
    Styles,
    /// The bundle is zipped.
    Zipping,
    /// Results are written.
    Writing,
}

impl Stage {
    /// All stages, in the order in which they may come.
    pub const ALL: [Stage; 7] = [
        Stage::Building,
        Stage::Reading,
        Stage::Guarding,
        Stage::Checking,
        Stage::Styles,
        Stage::Zipping,
        Stage::Writing,
    ];

    /// What is being done, in a few words.
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

/// Is told when a stage begins.
pub trait Progress: Sync {
    /// A stage begins; those before it may go on.
    fn begin(&self, stage: Stage);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _stage: Stage) {}
}
