//! Folders of made-up images for tests, and what is said of them.

#![allow(dead_code, reason = "each test uses some of these")]

use backprop::prelude::*;
use png::{BitDepth, ColorType};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// An image to be written as PNG.
pub struct Png {
    pub width: u32,
    pub color: ColorType,
    pub depth: BitDepth,
    pub bytes: Vec<u8>,
    /// Three bytes a colour.
    pub palette: Vec<u8>,
    /// The chunk tRNS: an alpha for each colour, or the colour that is transparent.
    pub transparency: Vec<u8>,
    pub exif: Vec<u8>,
}

impl Png {
    pub fn new(width: u32, color: ColorType, bytes: &[u8]) -> Png {
        let (depth, bytes) = (BitDepth::Eight, bytes.to_vec());
        let [palette, transparency, exif] = [const { Vec::new() }; 3];
        Png { width, color, depth, bytes, palette, transparency, exif }
    }

    pub fn grey(width: u32, bytes: &[u8]) -> Png {
        Png::new(width, ColorType::Grayscale, bytes)
    }

    pub fn encode(&self) -> Vec<u8> {
        let bits = self.depth as usize * self.color.samples();
        let row = (self.width as usize * bits).div_ceil(8);
        let mut info = png::Info::with_size(self.width, (self.bytes.len() / row) as u32);
        (info.color_type, info.bit_depth) = (self.color, self.depth);
        let some = |bytes: &Vec<u8>| (!bytes.is_empty()).then(|| bytes.clone().into());
        info.palette = some(&self.palette);
        info.trns = some(&self.transparency);
        info.exif_metadata = some(&self.exif);
        let mut file = Vec::new();
        let encoder = png::Encoder::with_info(&mut file, info).unwrap();
        encoder.write_header().unwrap().write_image_data(&self.bytes).unwrap();
        file
    }
}

/// A folder with the files that are written into it.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(TempDir::new().unwrap())
    }

    /// Six images of each of these classes, no two the same.
    pub fn of(classes: &[&str]) -> Folder {
        let folder = Folder::new();
        for class in classes {
            folder.fill(class);
        }
        folder
    }

    /// Six images in a folder, no two the same of all that are ever made so.
    pub fn fill(&self, class: &str) {
        for i in 0..6 {
            let pixel = |p: usize| {
                let mut hasher = DefaultHasher::new();
                (class, i, p).hash(&mut hasher);
                hasher.finish() as u8
            };
            let pixels: Vec<u8> = (0..16).map(pixel).collect();
            self.write(&format!("{class}/{i}.png"), &Png::grey(4, &pixels).encode());
        }
    }

    pub fn write(&self, path: &str, bytes: &[u8]) -> &Folder {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// Copies a folder or file of `tests/cases`.
    pub fn copy(&self, case: &str, to: &str) -> &Folder {
        copy(&cases().join(case), &self.path().join(to));
        self
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn read(&self) -> Result<Data, Error> {
        Data::image_folder(self.path(), 4, 0)
    }

    /// As `cargo lab train --data` reads it.
    pub fn load(&self) -> Result<Data, Error> {
        Data::load(&DataSource::Folder(self.path().to_owned()))
    }

    /// What is said of it where it is refused, without the folder's name.
    pub fn complaint(&self) -> String {
        let error = self.read().expect_err("refused").to_string();
        error.replace(&self.path().display().to_string(), "F")
    }

    /// What is said of it where it is read, after how it is split.
    pub fn told(&self) -> Vec<String> {
        self.read().unwrap().description().changes[1..].to_vec()
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
        return;
    }
    for entry in fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        copy(&from.join(&name), &to.join(&name));
    }
}

/// The inputs of the cases from the life of students.
pub fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The mean of all pixels of each class of a set.
pub fn means(set: &Dataset) -> Vec<f64> {
    let mean = |class| {
        let pixels = set.images(&set.examples_of(class, set.len()));
        pixels.iter().map(|&pixel| f64::from(pixel)).sum::<f64>() / pixels.len() as f64
    };
    (0..set.classes().len()).map(mean).collect()
}
