//! Deflates many contents, one after the other, with one set of tables: to make new ones for each takes as
//! long as to deflate a small file.

use flate2::{Compress, Compression, FlushCompress, Status};
use std::io;

/// The tables, and the space for what comes out.
pub(super) struct Deflater {
    tables: Compress,
    space: Vec<u8>,
}

impl Deflater {
    /// One that compresses as hard as `level` says, from 0 to 9.
    pub fn new(level: u8) -> Self {
        let tables = Compress::new(Compression::new(level.into()), false);
        Self { tables, space: Vec::new() }
    }

    /// `content`, deflated; `None` if that does not make it shorter.
    ///
    /// # Errors
    /// When the library fails, which it never should.
    pub fn deflate(&mut self, content: &[u8]) -> io::Result<Option<Vec<u8>>> {
        self.tables.reset();
        self.space.resize(self.space.len().max(content.len()), 0);
        // What would be longer than the content does not end here.
        let space = &mut self.space[..content.len()];
        let status = self.tables.compress(content, space, FlushCompress::Finish)?;
        let length = self.tables.total_out() as usize;
        let is_shorter = status == Status::StreamEnd && length < content.len();
        Ok(is_shorter.then(|| space[..length].to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn contents_do_not_depend_on_those_before() {
        let text: String = (1..9_000).map(|number| (1_000_000_007 / number).to_string()).collect();
        let alone = Deflater::new(6).deflate(text.as_bytes()).unwrap().unwrap();
        let mut deflater = Deflater::new(6);
        assert_eq!(deflater.deflate(b"x").unwrap(), None);
        deflater.deflate(text[..30_000].as_bytes()).unwrap();
        assert_eq!(deflater.deflate(text.as_bytes()).unwrap().unwrap(), alone);
        let mut inflated = String::new();
        flate2::read::DeflateDecoder::new(alone.as_slice()).read_to_string(&mut inflated).unwrap();
        assert_eq!(inflated, text);
    }

    #[test]
    fn what_deflating_makes_no_shorter_is_left() {
        let mut state = 1_u32;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let noise: Vec<u8> = noise.take(100_000).collect();
        let mut deflater = Deflater::new(9);
        assert_eq!(deflater.deflate(&noise).unwrap(), None);
        assert_eq!(deflater.deflate(b"").unwrap(), None);
        assert!(deflater.deflate(&[0; 100]).unwrap().is_some());
    }
}
