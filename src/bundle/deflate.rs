//! Deflates many contents one after another with one set of tables: allocating new tables takes as long as
//! deflating a small file.

use flate2::{Compress, Compression, FlushCompress, Status};
use std::io::{self, Write};

/// The most bytes of one uncompressed block.
const MAX_BLOCK_LENGTH: usize = u16::MAX as usize;

/// Writes `content` in uncompressed blocks.
///
/// # Errors
/// When writing to `out` fails.
pub(super) fn write_as_it_is(content: &[u8], out: &mut impl Write) -> io::Result<()> {
    let mut rest = content;
    loop {
        let (block, after) = rest.split_at(rest.len().min(MAX_BLOCK_LENGTH));
        let length = block.len() as u16;
        let [low, high] = length.to_le_bytes();
        out.write_all(&[u8::from(after.is_empty()), low, high, !low, !high])?;
        out.write_all(block)?;
        if after.is_empty() {
            return Ok(());
        }
        rest = after;
    }
}

/// The compression tables, and a buffer for the output.
pub(super) struct Deflater {
    level: u8,
    tables: Compress,
    space: Vec<u8>,
}

impl Deflater {
    /// Creates a deflater with this compression level, from 0 (none) to 9.
    pub fn new(level: u8) -> Self {
        let tables = Compress::new(Compression::new(level.into()), false);
        Self { level, tables, space: Vec::new() }
    }

    /// Returns the compression level.
    pub fn level(&self) -> u8 {
        self.level
    }

    /// Deflates `content`; `None` if that does not make it shorter.
    pub fn deflate(&mut self, content: &[u8]) -> Option<Vec<u8>> {
        if self.level == 0 {
            return None;
        }
        self.tables.reset();
        // Room for the longest possible output, nine bits for each byte: with less, the library panics at
        // level 1.
        let room = content.len() + content.len() / 8 + 64;
        self.space.resize(self.space.len().max(room), 0);
        let space = &mut self.space[..room];
        let status = self.tables.compress(content, space, FlushCompress::Finish);
        // Deflating does not fail; if it did, the content would be stored uncompressed.
        let has_ended = matches!(status, Ok(Status::StreamEnd));
        let length = self.tables.total_out() as usize;
        (has_ended && length < content.len()).then(|| space[..length].to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn incompressible_data_is_not_deflated_at_any_level() {
        let mut state = 1_u64;
        let noise = (0..300_000).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as u8
        });
        let noise: Vec<u8> = noise.collect();
        for level in 0..=9 {
            let mut deflater = Deflater::new(level);
            for length in [1, 10, 1_000, 10_000, 70_000, 300_000] {
                assert_eq!(deflater.deflate(&noise[..length]), None, "{length} at level {level}");
            }
        }
    }

    #[test]
    fn output_does_not_depend_on_earlier_input() {
        let text: String = (1..9_000).map(|number| (1_000_000_007 / number).to_string()).collect();
        let alone = Deflater::new(6).deflate(text.as_bytes()).unwrap();
        let mut deflater = Deflater::new(6);
        assert_eq!(deflater.deflate(b"x"), None);
        deflater.deflate(&text.as_bytes()[..30_000]).unwrap();
        assert_eq!(deflater.deflate(text.as_bytes()).unwrap(), alone);
        let mut inflated = String::new();
        flate2::read::DeflateDecoder::new(alone.as_slice()).read_to_string(&mut inflated).unwrap();
        assert_eq!(inflated, text);
    }

    #[test]
    fn uncompressed_blocks_round_trip() {
        for length in [0, 1, 65_535, 65_536, 200_000] {
            let content: Vec<u8> = (0..length).map(|at: u32| at.to_le_bytes()[1]).collect();
            let (mut blocks, mut read) = (Vec::new(), Vec::new());
            write_as_it_is(&content, &mut blocks).unwrap();
            assert_eq!(blocks.len(), content.len() + 5 * content.len().div_ceil(65_535).max(1));
            flate2::read::DeflateDecoder::new(blocks.as_slice()).read_to_end(&mut read).unwrap();
            assert!(read == content, "{length}");
        }
    }

    #[test]
    fn data_is_deflated_only_if_it_gets_shorter() {
        let mut state = 1_u32;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let noise: Vec<u8> = noise.take(100_000).collect();
        let mut deflater = Deflater::new(9);
        assert_eq!(deflater.deflate(&noise), None);
        assert_eq!(deflater.deflate(b""), None);
        assert!(deflater.deflate(&[0; 100]).is_some());
    }
}
