//! What students did with images, each by the name of its case: inputs that were made up lie in `cases/`.

mod pictures;

use backprop::prelude::*;
use pictures::{Folder, cases};
use std::fs;

#[test]
fn d01_checkpoints_of_jupyter_lab_are_no_class() {
    let folder = Folder::of(&["normal", "covid"]);
    let without = folder.read().unwrap();
    folder.fill(".ipynb_checkpoints");
    folder.fill("normal/.ipynb_checkpoints");
    folder.fill("__MACOSX/normal");
    folder
        .write("covid/._0.png", b"Mac OS X")
        .write("covid/Thumbs.db", b"")
        .write(".DS_Store", b"");
    let data = folder.read().unwrap();
    assert_eq!(data.train.classes(), ["Normal", "COVID-19"]);
    assert_eq!(data.description(), without.description());
}

#[test]
fn d03_folders_for_training_validation_and_test_are_the_three_sets() {
    let folder = Folder::new();
    folder.copy("D03", "chest_xray");
    let data = Data::load(&DataSource::Folder(folder.path().join("chest_xray"))).unwrap();
    assert_eq!(data.train.classes(), ["Normal", "PNEUMONIA"]);
    let validation = data.validation.as_ref().unwrap();
    for set in [&data.train, validation, &data.test] {
        assert_eq!(set.class_counts(), [4, 4]);
    }
    assert_eq!(data.description().changes, ["split as in its folders train, val, test"]);
    // The folder round it as well, as an archive is unpacked.
    let outer = folder.load().unwrap();
    assert_eq!(outer.description().sha256, data.description().sha256);
    assert_eq!(outer.description().changes[1..], ["read from its folder chest_xray"]);
    // One set alone is a folder of classes.
    let train = Data::load(&DataSource::Folder(folder.path().join("chest_xray/train"))).unwrap();
    assert_eq!((train.train.len() + train.test.len(), train.train.classes().len()), (8, 2));
}

#[test]
fn d04_idx_files_with_a_dot_in_their_names_are_read() {
    let folder = Folder::new();
    let data = Data::digits(40, 20).unwrap();
    data.save(folder.path()).unwrap();
    let sha256 = folder.load().unwrap().description().sha256.clone();
    for name in ["train-images", "train-labels", "t10k-images", "t10k-labels"] {
        let kind = if name.ends_with("images") { "idx3-ubyte" } else { "idx1-ubyte" };
        let [from, to] = ["-", "."].map(|sign| folder.path().join(format!("{name}{sign}{kind}")));
        fs::rename(from, to).unwrap();
    }
    assert_eq!(folder.load().unwrap().description().sha256, sha256);
}

#[test]
fn d05_twelve_bits_in_sixteen_are_stretched_and_told() {
    let folder = Folder::new();
    folder.copy("D05", ".");
    let data = folder.read().unwrap();
    let pixels = data.train.pixels();
    let (brightest, darkest) = (pixels.iter().max(), pixels.iter().min());
    assert!(brightest > Some(&150) && darkest < Some(&60), "{darkest:?} to {brightest:?}");
    assert_eq!(folder.told(), ["images of 16 bits use 12 of them (12 images): 4095 is white"]);
}

#[test]
fn d06_strokes_on_a_transparent_ground_are_seen_on_white() {
    let folder = Folder::new();
    folder.copy("D06", ".");
    let data = folder.load().unwrap();
    for set in [&data.train, &data.test] {
        for i in 0..set.len() {
            let pixels = set.images(&[i]);
            assert_eq!((pixels.iter().min(), pixels.iter().max()), (Some(&0), Some(&255)));
        }
    }
    assert_eq!(data.description().changes[1..2], ["transparent pixels over white (12 images)"]);
}

#[test]
fn d07_a_jpeg_that_is_cut_off_is_refused_with_its_path() {
    for (name, length) in [("half.jpg", 12817), ("half-progressive.jpg", 7769)] {
        let folder = Folder::of(&["normal", "covid"]);
        folder.copy(&format!("D07/{name}"), &format!("normal/{name}"));
        let expected = format!(
            "F/normal/{name}: expected a PNG or JPEG image, found: a JPEG file that is cut off: {length} bytes without \
             an end"
        );
        assert_eq!(folder.complaint(), expected);
    }
}

#[test]
fn d10_manifests_with_back_slashes_semicolons_and_capitals() {
    let folder = Folder::of(&["normal", "covid"]);
    for (name, delimiter) in [("backslash", ","), ("semicolon", ";"), ("capital", ",")] {
        // The classes that are not in the file.
        let manifest =
            fs::read_to_string(cases().join(format!("D10/manifest-{name}.csv"))).unwrap();
        let covid: String = (0..6).map(|i| format!("covid/{i}.png{delimiter}covid\n")).collect();
        let covid = if name == "backslash" { String::new() } else { covid };
        let normal = "normal/1.png,normal\nnormal/2.png,normal\n";
        let normal = if name == "capital" { normal } else { "" };
        folder.write("manifest.csv", format!("{manifest}{normal}{covid}").as_bytes());
        let data = folder.read().unwrap();
        assert_eq!(data.train.classes(), ["Normal", "COVID-19"], "{name}");
        assert_eq!(data.description().changes.len(), 1, "{name}: {:?}", data.description().changes);
    }
    folder.write("manifest.csv", b"path,class\nnormal\\0.png,normal\ncovid\\77.png,covid\n");
    insta::assert_snapshot!(folder.complaint(), @r#"F/manifest.csv: line 3: expected the path of an image below the folder, as normal/1.png, found "covid\77.png", where there is no file"#);
}

#[test]
fn d12_images_of_all_kinds_in_one_folder_are_read() {
    let folder = Folder::of(&["normal", "covid"]);
    let kinds = ["LA.png", "cmyk.jpg", "interlaced.PNG", "palette.png"];
    for kind in kinds {
        folder.copy(&format!("D12/{kind}"), &format!("normal/{kind}"));
    }
    let data = folder.read().unwrap();
    assert_eq!((data.train.class_counts(), data.test.class_counts()), (vec![7, 4], vec![3, 2]));
    let rows =
        data.train.pixels().into_iter().chain(data.test.pixels()).copied().collect::<Vec<u8>>();
    let flat = rows.chunks_exact(16).filter(|row| row.iter().all(|pixel| pixel == &row[0]));
    // The JPEG in CMYK is of one colour.
    assert_eq!(flat.collect::<Vec<_>>(), [[55; 16]]);
}

#[test]
fn d13_a_folder_without_images_is_told() {
    let folder = Folder::of(&["normal", "covid"]);
    fs::create_dir(folder.path().join("pneumonia")).unwrap();
    assert_eq!(folder.told(), ["folders without images: pneumonia"]);
    assert_eq!(folder.read().unwrap().train.classes(), ["Normal", "COVID-19"]);
}

#[test]
fn d15_a_folder_with_one_class_is_refused() {
    let folder = Folder::of(&["normal"]);
    insta::assert_snapshot!(folder.complaint(), @"F: expected images of 2 to 256 classes, in a subfolder for each or listed in manifest.csv, found one, Normal");
    folder.write("manifest.csv", b"path,class\nnormal/0.png,normal\nnormal/1.png,normal\n");
    insta::assert_snapshot!(folder.complaint(), @"F: expected images of 2 to 256 classes, in a subfolder for each or listed in manifest.csv, found one, Normal");
}
