//! Replaces one file of a zip. All other files keep their content, order and permissions.

use rawzip::path::EntryPath;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveWriter};
use std::io::{Read, Write};

/// Returns the zip in `bytes` with new content for the file `name`, which is at the root or in a folder
/// there.
///
/// # Errors
/// When the zip cannot be read. The caller must have checked the zip, because this function trusts the sizes
/// in it.
pub fn with_file(bytes: &[u8], name: &str, content: &[u8]) -> Result<Vec<u8>, String> {
    let damaged = |error: rawzip::Error| format!("the zip is damaged ({error})");
    let archive = ZipArchive::from_slice(bytes).map_err(damaged)?;
    let mut writer = ZipArchiveWriter::new(Vec::new());
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        let path = entry.file_path().as_bytes().to_vec();
        let mode = entry.mode().value();
        let target = EntryPath::verbatim(path.as_slice());
        if entry.is_dir() {
            writer.new_dir(target).unix_permissions(mode).create().map_err(damaged)?;
            continue;
        }
        let local = archive.get_entry(entry.wayfinder()).map_err(damaged)?;
        let old = match entry.compression_method() {
            CompressionMethod::STORE => local.data().to_vec(),
            _ => inflated(local.data()).map_err(|error| format!("the zip is damaged ({error})"))?,
        };
        let text = String::from_utf8_lossy(&path);
        let is_meant = text == name || text.split_once('/').is_some_and(|(_, rest)| rest == name);
        let new = if is_meant { content } else { &old };
        let file = writer.new_file(target).unix_permissions(mode);
        let file = file.compression_method(CompressionMethod::DEFLATE);
        let (mut out, config) = file.start().map_err(damaged)?;
        let encoder = flate2::write::DeflateEncoder::new(&mut out, flate2::Compression::default());
        let mut data = config.wrap(encoder);
        data.write_all(new).map_err(|error| error.to_string())?;
        let (encoder, descriptor) = data.finish().map_err(damaged)?;
        encoder.finish().map_err(|error| error.to_string())?;
        out.finish(descriptor).map_err(damaged)?;
    }
    writer.finish().map_err(damaged)
}

fn inflated(data: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    flate2::read::DeflateDecoder::new(data).read_to_end(&mut content)?;
    Ok(content)
}
