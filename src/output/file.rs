//! A file that is to be written.

/// A file for a folder.
#[derive(Clone, Copy, Debug)]
pub struct OutputFile<'a> {
    /// The content.
    pub bytes: &'a [u8],
    /// Whether the owner may execute it.
    pub executable: bool,
    /// Whether it is left alone where something stands in its place already.
    pub yields: bool,
    /// Whether it is as it was the last time.
    pub as_before: bool,
}

impl<'a> OutputFile<'a> {
    /// A file that must be there as it is here.
    pub fn new(bytes: &'a [u8], executable: bool) -> Self {
        Self { bytes, executable, yields: false, as_before: false }
    }
}
