//! The files that are written into a folder.

/// A file to write into a folder.
#[derive(Clone, Copy, Debug)]
pub struct OutputFile<'a> {
    /// The content.
    pub bytes: &'a [u8],
    /// Whether the owner may execute it.
    pub executable: bool,
    /// Whether the file is left out if something is at its path already.
    pub yields: bool,
    /// Whether the file is the same as the last time.
    pub as_before: bool,
}

impl<'a> OutputFile<'a> {
    /// Creates a file that replaces whatever is at its path.
    pub fn new(bytes: &'a [u8], executable: bool) -> Self {
        Self { bytes, executable, yields: false, as_before: false }
    }
}
