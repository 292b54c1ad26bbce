//! Pixels as a PNG in base64, ready to sit in an SVG.

use base64::prelude::{BASE64_STANDARD, Engine};

/// Encodes 8-bit grey values, row by row from the top.
pub fn grey_png(values: &[u8], width: usize, height: usize) -> String {
    encode(values, width, height, png::ColorType::Grayscale)
}

/// Encodes colours, row by row from the top.
pub fn rgb_png(colors: &[[u8; 3]], width: usize, height: usize) -> String {
    encode(colors.as_flattened(), width, height, png::ColorType::Rgb)
}

/// Encodes indices into a palette, row by row from the top: a third of the same picture in RGB.
pub fn indexed_png(indices: &[u8], palette: &[[u8; 3]], width: usize, height: usize) -> String {
    let last = indices.iter().max().map_or(0, |last| usize::from(*last));
    assert!(last < palette.len(), "index {last} into {} colours", palette.len());
    encode_with(indices, width, height, png::ColorType::Indexed, palette)
}

fn encode(bytes: &[u8], width: usize, height: usize, color: png::ColorType) -> String {
    encode_with(bytes, width, height, color, &[])
}

fn encode_with(
    bytes: &[u8],
    width: usize,
    height: usize,
    color: png::ColorType,
    palette: &[[u8; 3]],
) -> String {
    assert_eq!(bytes.len(), width * height * color.samples(), "{width} × {height} {color:?}");
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(color);
    if color == png::ColorType::Indexed {
        encoder.set_palette(palette.as_flattened());
        // Indices of neighbours have no likeness that a filter could use.
        encoder.set_filter(png::Filter::NoFilter);
    }
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(bytes));
    // The target is memory and the size was checked above; nothing else can go wrong.
    written.expect("a PNG is written into memory");
    BASE64_STANDARD.encode(file)
}

/// Enlarges an image, each pixel to a square of `scale` × `scale`: viewers that smooth what they
/// enlarge have nothing to smooth then.
pub fn enlarge<P: Copy>(image: &[P], width: usize, scale: usize) -> Vec<P> {
    let mut target: Vec<P> =
        image.iter().flat_map(|pixel| std::iter::repeat_n(*pixel, scale * scale)).collect();
    paste(&mut target, width * scale, (0, 0), image, width, scale);
    target
}

/// Copies an image into a larger one, each pixel as a square of `scale` × `scale`.
pub fn paste<P: Copy>(
    target: &mut [P],
    target_width: usize,
    (left, top): (usize, usize),
    image: &[P],
    image_width: usize,
    scale: usize,
) {
    for (row, pixels) in image.chunks(image_width).enumerate() {
        for line in 0..scale {
            let start = (top + row * scale + line) * target_width + left;
            for (column, pixel) in pixels.iter().enumerate() {
                target[start + column * scale..][..scale].fill(*pixel);
            }
        }
    }
}
