//! Folders of images as people lay them out: what is a class, what is a set, and what of it is told.

mod pictures;

use backprop::prelude::*;
use pictures::{Folder, Png};
use std::fs;

const FLATTER: &str = "they flatter the test";

fn grey(value: u8) -> Vec<u8> {
    Png::grey(2, &[value, 1, 2, 3]).encode()
}

#[test]
fn folders_of_sets_go_by_several_names_in_any_case() {
    for [train, test] in [["train", "test"], ["Training", "Testing"], ["TRAIN", "val"]] {
        let folder = Folder::new();
        for set in [train, test] {
            folder.fill(&format!("{set}/NORMAL"));
            folder.fill(&format!("{set}/Covid"));
        }
        let data = folder.load().unwrap();
        assert_eq!((data.train.class_counts(), data.test.class_counts()), (vec![6, 6], vec![6, 6]));
        assert!(data.validation.is_none());
        let expected = format!("split as in its folders {train}, {test}");
        assert_eq!(data.description().changes, [expected]);
        assert_eq!(data.train.classes(), ["Normal", "COVID-19"]);
    }
}

#[test]
fn one_class_may_be_spelt_in_two_ways_in_two_sets() {
    let folder = Folder::new();
    for class in ["train/Pneumonia", "train/mit Lücke", "test/PNEUMONIA", "test/mit Lu\u{308}cke"]
    {
        folder.fill(class);
    }
    let data = folder.read().unwrap();
    assert_eq!(data.test.classes(), ["Pneumonia", "mit Lücke"]);
    assert_eq!(data.test.class_counts(), [6, 6]);
    assert_eq!(data.description().changes.len(), 1);
}

#[test]
fn a_set_without_its_other_is_refused_with_the_layout_that_is_expected() {
    let folder = Folder::new();
    for class in ["test/a", "test/b", "val/a", "val/b"] {
        folder.fill(class);
    }
    insta::assert_snapshot!(folder.complaint(), @"F: expected subfolders train and test (and perhaps val), with a subfolder for each class in each, found val, test");
    folder.fill("train/a");
    folder.fill("training/a");
    insta::assert_snapshot!(folder.complaint(), @"F: expected subfolders train and test (and perhaps val), with a subfolder for each class in each, found train, training, val, test");
}

#[test]
fn a_folder_of_trains_is_a_class() {
    let folder = Folder::of(&["train", "plane"]);
    assert_eq!(folder.read().unwrap().train.classes(), ["plane", "train"]);
}

#[test]
fn a_class_that_one_set_has_not_is_told() {
    let folder = Folder::of(&["train/a", "train/b", "test/a", "test/c"]);
    assert_eq!(folder.told(), ["no training images of c, no test images of b"]);
}

#[test]
fn what_lies_beside_the_sets_and_classes_is_told() {
    let folder = Folder::of(&["train/a", "train/b", "test/a", "test/b", "masks"]);
    folder.write("extra.png", &grey(9)).write("train/a/x.bmp", b"BM").write("train/a/y.dcm", b"");
    folder.write("train/b/notes.txt", b"").fill("train/b/old");
    let expected = [
        "left out (neither PNG nor JPEG): train/a/x.bmp and 1 more",
        "left out (within a class): train/b/old",
        "left out (beside the sets): masks",
        "left out (beside the sets): extra.png",
    ];
    assert_eq!(folder.told(), expected);
}

#[test]
fn a_class_whose_images_lie_deeper_is_read_without_its_masks() {
    let folder = Folder::of(&["Normal/images", "Normal/masks", "COVID/images", "COVID/masks"]);
    let data = folder.read().unwrap();
    assert_eq!(data.train.classes(), ["Normal", "COVID-19"]);
    assert_eq!(data.train.len() + data.test.len(), 12);
    let expected =
        ["left out (within a class): COVID/masks", "left out (within a class): Normal/masks"];
    assert_eq!(data.description().changes[1..], expected);
}

#[test]
fn the_same_picture_in_two_sets_is_told_under_whatever_name() {
    let folder = Folder::of(&["train/a", "train/b", "test/a", "test/b"]);
    folder.write("train/a/one.png", &grey(77)).write("test/a/other.png", &grey(77));
    let expected = format!(
        "test images that are training images too: 1, such as test/a/other.png, the same as train/a/one.png; {FLATTER}"
    );
    assert_eq!(folder.told(), [expected]);
    folder.write("train/b/third.png", &grey(77));
    let told = folder.told();
    assert_eq!(told.len(), 2);
    assert!(
        told[1].starts_with("images that are of two classes: 1, such as train/a/one.png, "),
        "{told:?}"
    );
}

#[test]
fn a_patient_in_two_sets_is_told() {
    let folder = Folder::of(&["a", "b"]);
    let manifest = "path,class,Patient ID,split\na/0.png,a,17,Train\na/1.png,a,17,TEST\n\
                    b/0.png,b,18,train\nb/1.png,b,19,test\nb/2.png,b,18,val\n";
    folder.write("manifest.csv", manifest.as_bytes());
    let expected = format!(
        "patients of the validation set who are in the training set too: 1, such as 18; {FLATTER}, \
         patients of the test set who are in the training set too: 1, such as 17; {FLATTER}"
    );
    assert_eq!(folder.told(), ["no validation images of a".to_owned(), expected]);
    assert_eq!(folder.read().unwrap().validation.unwrap().len(), 1);
}

#[test]
fn a_picture_that_a_manifest_lists_twice_is_refused_with_both_lines() {
    let folder = Folder::of(&["a", "b"]);
    folder.write(
        "manifest.csv",
        b"path,class,split\na/0.png,a,train\nb/0.png,b,train\n\na\\0.png,a,test\n",
    );
    insta::assert_snapshot!(folder.complaint(), @r#"F/manifest.csv: line 5: expected each image once, found "a\0.png" again, after line 2"#);
}

#[test]
fn a_manifest_is_read_as_spreadsheets_save_it() {
    let folder = Folder::of(&["a", "mit Lücke"]);
    let rows = |sign: &str| {
        let line = |class: &str, i: usize| format!("{class}/{i}.png{sign}{class}{sign}{}", i % 5);
        let lines = (0..6).flat_map(|i| ["a", "mit Lücke"].map(|class| line(class, i)));
        lines.collect::<Vec<_>>().join("\r\n")
    };
    let wide = |text: String| -> Vec<u8> {
        ["\u{feff}", &text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let expected = {
        folder.write("manifest.csv", format!("path,class,patient_id\n{}", rows(",")).as_bytes());
        folder.read().unwrap().description().sha256.clone()
    };
    for bytes in [
        format!("\u{feff}PATH;Class;Patient-ID\r\n{}\r\n;;\r\n", rows(";")).into_bytes(),
        format!("sep=;\r\npath;class;patient_id\r\n{}", rows(";")).into_bytes(),
        format!("\"path\",\"class\",\"patient_id\"\n\n{}\n,,\n", rows(",")).into_bytes(),
        wide(format!("path\tclass\tpatient_id\r\n{}\r\n", rows("\t"))),
        format!("path,class,patient_id\n{}", rows(",").replace('ü', "u\u{308}")).into_bytes(),
        format!("path,class,patient_id\n{}", rows(",").replace('/', "\\")).into_bytes(),
    ] {
        folder.write("manifest.csv", &bytes);
        let read = folder.read().unwrap_or_else(|error| panic!("{error}: {bytes:?}"));
        assert_eq!(read.description().sha256, expected, "{bytes:?}");
    }
}

#[test]
fn a_manifest_that_cannot_be_read_says_where() {
    let folder = Folder::of(&["a", "b"]);
    let complaint = |text: &[u8]| folder.write("manifest.csv", text).complaint();
    insta::assert_snapshot!(complaint(b"path,class\na/0.png,M\xfcde\n"), @r#"F/manifest.csv: line 2: expected text in UTF-8 (Excel saves it as "CSV UTF-8"), found the byte fc"#);
    insta::assert_snapshot!(complaint(b"Image Index;Finding Labels\n"), @r#"F/manifest.csv: line 1: expected a column "path", found "Image Index;Finding Labels""#);
    insta::assert_snapshot!(complaint(b"path,label\n"), @r#"F/manifest.csv: line 1: expected a column "class", found "path,label""#);
    insta::assert_snapshot!(complaint(b""), @r#"F/manifest.csv: line 1: expected a column "path", found """#);
    insta::assert_snapshot!(complaint(b"path;class\na/0.png;a;extra\n"), @r#"F/manifest.csv: line 2: expected 2 fields, found "a/0.png;a;extra""#);
    insta::assert_snapshot!(complaint(b"path,class\na/0.png,\n"), @"F/manifest.csv: line 2: expected a class, found an empty field");
    insta::assert_snapshot!(complaint(b"path,class\n"), @"F: expected images to train and to test with, in a subfolder for each class or listed in manifest.csv; found none for either or both");
    let long = format!("path,class\n\"a/0.png,a\n{}", "b/1.png,b\n".repeat(500));
    let found = complaint(long.as_bytes());
    assert!(found.len() < 300 && found.contains("line 2") && found.ends_with('…'), "{found}");
}

#[test]
fn a_class_of_one_image_has_none_to_test_with_which_is_told() {
    let folder = Folder::of(&["a", "b"]);
    folder.write("c/0.png", &grey(200));
    assert_eq!(folder.told(), ["no test images of c"]);
}

#[test]
fn captions_keep_the_attribution_in_a_folder_round_all() {
    for place in ["chest/SOURCES.md", "SOURCES.md"] {
        let folder =
            Folder::of(&["chest/train/a", "chest/train/b", "chest/test/a", "chest/test/b"]);
        let sources = b"# Sources\n## Attribution text to show\n- A. Uthor, CC BY 4.0.\n";
        let caption = folder.write(place, sources).read().unwrap().caption();
        assert!(caption.ends_with("A. Uthor, CC BY 4.0."), "{place}: {caption}");
    }
}

#[test]
fn a_folder_of_something_else_is_told_what_is_expected() {
    let folder = Folder::new();
    let complaint = || {
        let error = folder.load().unwrap_err().to_string();
        error.replace(&folder.path().display().to_string(), "F")
    };
    let nothing = complaint();
    assert!(
        nothing.starts_with("F: expected the four files of MNIST (train-images-idx3-ubyte, "),
        "{nothing}"
    );
    assert!(nothing.ends_with("or a manifest.csv, found nothing"), "{nothing}");
    folder.write("mnist.pkl", b"").write("README.md", b"").write(".git/x.png", &grey(1));
    assert!(complaint().ends_with("found README.md, mnist.pkl"), "{}", complaint());
    fs::remove_dir_all(folder.path()).unwrap();
    assert!(complaint().starts_with("F: No such file or directory"), "{}", complaint());
}

#[test]
fn idx_files_lie_in_raw_as_torchvision_has_them() {
    let folder = Folder::new();
    let data = Data::digits(40, 20).unwrap();
    for place in ["MNIST/raw", "raw", "."] {
        fs::remove_dir_all(folder.path().join("MNIST")).ok();
        fs::remove_dir_all(folder.path().join("raw")).ok();
        data.save(&folder.path().join(place)).unwrap();
        assert_eq!(
            folder.load().unwrap().description().sha256,
            data.description().sha256,
            "{place}"
        );
    }
}

#[test]
fn idx_files_of_two_sizes_or_one_class_are_refused_or_told() {
    let folder = Folder::new();
    let set = |side: usize, labels: Vec<usize>| {
        let pixels = Array2::from_elem((labels.len(), side * side), 9);
        let classes = (0..10).map(|digit| digit.to_string()).collect();
        Dataset::new(pixels, labels, (side, side), classes).unwrap()
    };
    Data::new("two sizes", set(3, vec![1, 2]), set(4, vec![1, 2])).save(folder.path()).unwrap();
    let error = folder.load().unwrap_err().to_string();
    assert!(error.ends_with("t10k-images-idx3-ubyte: at byte 8: expected images of 3 × 3 pixels, as those to train with, found 4 × 4"), "{error}");
    Data::new("one class", set(3, vec![7, 7]), set(3, vec![1, 2])).save(folder.path()).unwrap();
    let changes = folder.load().unwrap().description().changes.clone();
    assert_eq!(changes, ["all training images are of class 7"]);
}
