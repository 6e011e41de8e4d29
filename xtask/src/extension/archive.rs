//! Writes a folder, and a zip of it that is always the same: names in order, one time, one permission,
//! one compressor.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::package::Files;

/// Writes the files into the folder and into the zip beside it.
pub fn write(files: &Files, folder: &Path) -> Result<()> {
    for (name, content) in files {
        let file = folder.join(name);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        }
        fs::write(&file, content).with_context(|| file.display().to_string())?;
    }
    let file = zip_beside(folder);
    fs::write(&file, zip(files)?).with_context(|| file.display().to_string())
}

/// Where the folder's zip is.
pub fn zip_beside(folder: &Path) -> PathBuf {
    folder.with_added_extension("zip")
}

fn zip(files: &Files) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644)
        .system(System::Unix);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(content)?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn files(names: [&str; 3]) -> Files {
        names.into_iter().map(|name| (name.to_owned(), name.repeat(100).into_bytes())).collect()
    }

    #[test]
    fn the_same_files_make_the_same_bytes_whatever_their_order() {
        let one = zip(&files(["b/c.js", "a.json", "b.png"])).unwrap();
        assert_eq!(one, zip(&files(["a.json", "b.png", "b/c.js"])).unwrap());
    }

    #[test]
    fn entries_are_sorted_readable_by_all_and_of_one_time() {
        let bytes = zip(&files(["b/c.js", "a.json", "b.png"])).unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut names = Vec::new();
        for index in 0..zip.len() {
            let mut entry = zip.by_index(index).unwrap();
            assert_eq!(entry.unix_mode(), Some(0o100_644));
            assert_eq!(entry.last_modified(), Some(DateTime::DEFAULT));
            let mut content = String::new();
            entry.read_to_string(&mut content).unwrap();
            assert_eq!(content, entry.name().unwrap().repeat(100));
            names.push(entry.name().unwrap().into_owned());
        }
        assert_eq!(names, ["a.json", "b.png", "b/c.js"]);
    }
}
