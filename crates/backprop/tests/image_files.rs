//! Files of images as cameras, scanners and drawing programs write them, and files that are none.

mod pictures;

use backprop::prelude::*;
use pictures::{Folder, Png, cases};
use png::{BitDepth, ColorType};
use std::fs;

/// EXIF with an orientation alone.
fn exif(orientation: u8) -> Vec<u8> {
    let entry = [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
    [&b"II*\0\x08\0\0\0\x01\0"[..], &entry, &[0; 4]].concat()
}

/// Reads images, each once to train and once to test with, and gives the pixels of those to train with.
fn read(images: &[&[u8]]) -> (Vec<Vec<u8>>, Vec<String>) {
    let folder = Folder::new();
    let mut manifest = "path,class,split\n".to_owned();
    for (i, image) in images.iter().enumerate() {
        for set in ["train", "test"] {
            folder.write(&format!("{set}{i}.png"), image);
            manifest += &format!("{set}{i}.png,class {},{set}\n", i % 2);
        }
    }
    folder.write("manifest.csv", manifest.as_bytes());
    let data = Data::image_folder(folder.path(), 4, 0).unwrap();
    let pixels = data.train.pixels().rows().into_iter().map(|row| row.to_vec()).collect();
    let told =
        data.description().changes.iter().filter(|told| !told.contains("are training images too"));
    (pixels, told.skip(1).cloned().collect())
}

/// Sixteen different pixels, and another image beside it.
fn sixteen() -> Vec<u8> {
    (0..16).map(|i| 10 * i).collect()
}

fn other() -> Vec<u8> {
    Png::grey(4, &[7; 16]).encode()
}

/// A row and a column of the upright image become those of the file.
type Place = fn(usize, usize) -> (usize, usize);

#[test]
fn all_eight_orientations_of_exif_are_turned_upright() {
    let stored: [Place; 8] = [
        |row, column| (row, column),
        |row, column| (row, 3 - column),
        |row, column| (3 - row, 3 - column),
        |row, column| (3 - row, column),
        |row, column| (column, row),
        |row, column| (3 - column, row),
        |row, column| (3 - column, 3 - row),
        |row, column| (column, 3 - row),
    ];
    for (orientation, stored) in (1..).zip(stored) {
        let mut pixels = vec![0; 16];
        for (place, pixel) in sixteen().into_iter().enumerate() {
            let (row, column) = stored(place / 4, place % 4);
            pixels[4 * row + column] = pixel;
        }
        let image = Png { exif: exif(orientation), ..Png::grey(4, &pixels) };
        let (read, _) = read(&[&image.encode(), &other()]);
        assert_eq!(read[0], sixteen(), "orientation {orientation}");
    }
}

#[test]
fn a_jpeg_is_turned_by_its_exif_as_well() {
    let file = fs::read(cases().join("D03/train/NORMAL/0.jpeg")).unwrap();
    let with_exif = |orientation| {
        let content = [&b"Exif\0\0"[..], &exif(orientation)].concat();
        let length = (content.len() as u16 + 2).to_be_bytes();
        [&file[..2], &[0xff, 0xe1], &length, &content, &file[2..]].concat()
    };
    let (upright, _) = read(&[&file, &other()]);
    let (turned, _) = read(&[&with_exif(3), &other()]);
    let backwards: Vec<u8> = upright[0].iter().rev().copied().collect();
    assert_ne!(backwards, upright[0]);
    // The middle of an odd number of pixels would be rounded otherwise.
    assert_eq!(turned[0], backwards);
}

#[test]
fn transparency_counts_in_each_kind_of_png() {
    let last_is_clear = |pixel: &[u8], clear: &[u8]| [pixel.repeat(15), clear.to_vec()].concat();
    let of = |color, bytes: Vec<u8>| Png::new(4, color, &bytes);
    let palette = Png {
        palette: vec![0, 0, 0, 9, 9, 9],
        transparency: vec![255, 0],
        ..of(ColorType::Indexed, last_is_clear(&[0], &[1]))
    };
    // The colour 9 is the one that is transparent.
    let colour =
        Png { transparency: vec![0, 9], ..of(ColorType::Grayscale, last_is_clear(&[0], &[9])) };
    let rgb = last_is_clear(&[0, 0, 0], &[9, 9, 9]);
    let colours = Png { transparency: vec![0, 9, 0, 9, 0, 9], ..of(ColorType::Rgb, rgb) };
    let alpha = of(ColorType::GrayscaleAlpha, last_is_clear(&[0, 255], &[0, 0]));
    let rgba = of(ColorType::Rgba, last_is_clear(&[0, 0, 0, 255], &[0, 0, 0, 0]));
    let wide = of(ColorType::GrayscaleAlpha, last_is_clear(&[0, 0, 255, 255], &[0, 0, 0, 0]));
    let wide = Png { depth: BitDepth::Sixteen, ..wide };
    let images = [palette, colour, colours, alpha, rgba, wide].map(|image| image.encode());
    let images: Vec<&[u8]> = images.iter().map(Vec::as_slice).collect();
    let (pixels, told) = read(&images);
    let expected = [vec![0; 15], vec![255]].concat();
    assert_eq!(pixels, vec![expected; 6]);
    assert!(told.contains(&"transparent pixels over white (12 images)".to_owned()), "{told:?}");
}

#[test]
fn white_strokes_on_a_transparent_ground_are_seen_on_black() {
    let stroke = |at: usize| {
        let pixel = |i: usize| if i == at { [255; 4] } else { [0; 4] };
        Png::new(4, ColorType::Rgba, &(0..16).flat_map(pixel).collect::<Vec<u8>>()).encode()
    };
    let (pixels, told) = read(&[&stroke(3), &stroke(9)]);
    assert_eq!(
        (pixels[0][3], pixels[1][9], pixels[0].iter().filter(|&&p| p == 0).count()),
        (255, 255, 15)
    );
    assert_eq!(told, ["transparent pixels over black (4 images)"]);
}

#[test]
fn an_image_that_shows_nothing_on_its_ground_is_told() {
    let clear = Png::new(4, ColorType::GrayscaleAlpha, &[0; 32]).encode();
    let dark = Png::new(4, ColorType::GrayscaleAlpha, &[&[0, 255][..], &[0; 30]].concat()).encode();
    let (_, told) = read(&[&clear, &dark]);
    let expected = "transparent pixels over white (4 images); images that show nothing there: 2, such as train0.png";
    assert_eq!(told, [expected]);
}

#[test]
fn sixteen_bits_that_are_all_used_stay_as_they_are() {
    let wide = |values: [u16; 16]| {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_be_bytes()).collect();
        Png { depth: BitDepth::Sixteen, ..Png::grey(4, &bytes) }.encode()
    };
    let full = wide(std::array::from_fn(|i| 0x1111 * i as u16));
    let faint = wide(std::array::from_fn(|i| i as u16));
    let (pixels, told) = read(&[&full, &faint]);
    assert_eq!(pixels[0], (0..16).map(|i| 0x11 * i).collect::<Vec<u8>>());
    assert_eq!((&pixels[1], told.len()), (&vec![0; 16], 0));
    for (largest, bits) in [(255, 8), (1000, 10), (4095, 12), (16383, 14)] {
        let image = wide(std::array::from_fn(|i| if i == 5 { largest } else { i as u16 }));
        let (pixels, told) = read(&[&image, &faint]);
        assert!(pixels[0][5] >= 249, "{largest}: {}", pixels[0][5]);
        let white = (1 << bits) - 1;
        assert_eq!(
            told,
            [format!("images of 16 bits use {bits} of them (4 images): {white} is white")]
        );
    }
}

#[test]
fn a_file_is_what_its_bytes_say_and_not_its_name() {
    let folder = Folder::of(&["normal", "covid"]);
    let jpeg = fs::read(cases().join("D03/train/NORMAL/0.jpeg")).unwrap();
    folder.write("covid/a.png", &jpeg).write("covid/b.JPG", &other()).write("covid/c.jfif", &jpeg);
    let data = folder.read().unwrap();
    assert_eq!((data.train.len(), data.test.len()), (10, 5));
    for (content, found) in [
        (&b"this is a text"[..], "neither a PNG nor a JPEG file"),
        (b"", "an empty file"),
        (b"<html>404 Not Found</html>", "neither a PNG nor a JPEG file"),
        (b"version https://git-lfs.github.com/spec/v1", "neither a PNG nor a JPEG file"),
    ] {
        folder.write("covid/a.png", content);
        let expected = format!("F/covid/a.png: expected a PNG or JPEG image, found: {found}");
        assert_eq!(folder.complaint(), expected);
    }
}

/// Each beginning of a file, as a download leaves it.
#[test]
fn a_file_that_is_cut_off_anywhere_is_refused() {
    let jpeg = fs::read(cases().join("D03/train/NORMAL/0.jpeg")).unwrap();
    let png = fs::read(cases().join("D12/interlaced.PNG")).unwrap();
    for whole in [&jpeg, &png] {
        let folder = Folder::of(&["normal", "covid"]);
        folder.write("covid/a.png", whole).read().unwrap();
        for length in (0..whole.len()).step_by(7).chain([whole.len() - 1]) {
            folder.write("covid/a.png", &whole[..length]);
            let found = folder.complaint();
            assert!(
                found.starts_with("F/covid/a.png: expected a PNG or JPEG image, found: "),
                "{found}"
            );
        }
    }
}

#[test]
fn a_header_that_claims_more_pixels_than_the_file_has_room_for_costs_no_memory() {
    let folder = Folder::of(&["normal", "covid"]);
    let mut png = other();
    png[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0x7f, 0xff]);
    let crc = {
        let mut crc = flate2::Crc::new();
        crc.update(&png[12..29]);
        crc.sum().to_be_bytes()
    };
    png[29..33].copy_from_slice(&crc);
    folder.write("covid/a.png", &png);
    let found = folder.complaint();
    assert!(found.contains("a header that claims 65535 × 32767 pixels"), "{found}");
    let mut jpeg = fs::read(cases().join("D03/train/NORMAL/0.jpeg")).unwrap();
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x3f, 0xf0, 0x3f, 0xf0]);
    folder.write("covid/a.png", &jpeg);
    let found = folder.complaint();
    assert!(found.contains("a header that claims 16368 × 16368 pixels"), "{found}");
}
