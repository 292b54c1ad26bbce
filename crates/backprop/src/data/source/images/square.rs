//! From an image of any size to a square of a given side.

use super::decode::Grey;

/// Crops to the square in the middle and resizes it: each pixel is the mean over the area that it covers.
///
/// In units of 1/side of a source pixel, target i covers [i s, (i + 1) s) and source j covers
/// [j side, (j + 1) side), s being the side of the source: all weights are whole numbers.
pub(super) fn resize(image: &Grey, side: usize) -> Vec<u8> {
    let source = image.width.min(image.height);
    let (top, left) = ((image.height - source) / 2, (image.width - source) / 2);
    let weights: Vec<Vec<(usize, u64)>> = (0..side).map(|i| weights(i, source, side)).collect();
    let area = (source * source) as u64;
    let mut resized = Vec::with_capacity(side * side);
    for rows in &weights {
        for columns in &weights {
            let mut sum = 0;
            for &(row, of_row) in rows {
                for &(column, of_column) in columns {
                    let pixel = image.pixels[(top + row) * image.width + left + column];
                    sum += of_row * of_column * u64::from(pixel);
                }
            }
            resized.push(((sum + area / 2) / area) as u8);
        }
    }
    resized
}

/// The sources that target i covers, with the length of each overlap; these add up to `source`.
fn weights(i: usize, source: usize, side: usize) -> Vec<(usize, u64)> {
    let (start, end) = (i * source, (i + 1) * source);
    let overlap = |j: usize| (end.min((j + 1) * side) - start.max(j * side)) as u64;
    (start / side..end.div_ceil(side)).map(|j| (j, overlap(j))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(width: usize, pixels: &[u8]) -> Grey {
        Grey { pixels: pixels.to_vec(), width, height: pixels.len() / width }
    }

    #[test]
    fn a_pixel_is_the_mean_of_the_area_that_it_covers() {
        let four = image(4, &[0, 10, 100, 0, 20, 30, 0, 0, 7, 7, 1, 2, 7, 7, 3, 4]);
        assert_eq!(resize(&four, 2), [15, 25, 7, 3]); // 10/4 = 2.5, rounded to 3
        // Three columns into two: each covers one and a half, so (0 + 60/2)/1.5 = 20.
        let three = image(3, &[0, 60, 90, 0, 60, 90, 0, 60, 90]);
        assert_eq!(resize(&three, 2), [20, 80, 20, 80]);
        assert_eq!(resize(&image(1, &[9]), 2), [9; 4], "larger than the image");
    }

    #[test]
    fn an_oblong_loses_its_ends() {
        let flat = image(5, &[9, 1, 2, 9, 9, 9, 3, 4, 9, 9]);
        assert_eq!(resize(&flat, 2), [1, 2, 3, 4]);
        let tall = image(2, &[9, 9, 1, 2, 3, 4, 9, 9]);
        assert_eq!(resize(&tall, 2), [1, 2, 3, 4]);
    }
}
