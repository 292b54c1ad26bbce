//! The IDX format of MNIST: a magic number, the dimensions, then one byte for each value.
//!
//! Source: Y. LeCun, C. Cortes, C. J. C. Burges, *The MNIST database of handwritten digits*.

use super::deflate;
use crate::error::Error;
use backprop_protocol::files::write_whole;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// The values of an IDX file of unsigned bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Idx {
    /// The size of each dimension, examples first.
    pub sizes: Vec<usize>,
    /// The values, last dimension fastest.
    pub values: Vec<u8>,
}

/// Memory that is asked for at once, for a byte of a gzipped file.
const ASKED_FOR: u64 = 8;

/// Reads an IDX file of `dimensions` dimensions, plain or gzipped (told by its first two bytes).
pub(crate) fn read(path: &Path, dimensions: usize) -> Result<Idx, Error> {
    let file = File::open(path).map_err(Error::file(path))?;
    let on_disk = file.metadata().map_err(Error::file(path))?.len();
    let mut start = BufReader::with_capacity(1 << 16, file);
    let gzipped = start.fill_buf().map_err(Error::file(path))?.starts_with(&[0x1f, 0x8b]);
    if gzipped {
        let room = Room { most: deflate::room(on_disk), usual: on_disk.saturating_mul(ASKED_FOR) };
        parse(path, MultiGzDecoder::new(start), dimensions, &room)
    } else {
        parse(path, start, dimensions, &Room { most: on_disk, usual: on_disk })
    }
}

/// How many bytes a source can hold at most, and how many are asked for before it has shown that it holds more.
struct Room {
    most: u64,
    usual: u64,
}

/// Parses IDX from `source`; `path` is for errors alone.
fn parse(path: &Path, mut source: impl Read, dimensions: usize, room: &Room) -> Result<Idx, Error> {
    let fail = |offset: usize, expected: String, found: String| {
        Err(Error::Format { path: path.to_owned(), offset: offset as u64, expected, found })
    };
    let header_length = 4 + 4 * dimensions;
    let header = read_up_to(path, &mut source, 0, header_length, room)?;
    if header.len() < header_length {
        let expected = format!("an IDX header of {header_length} bytes");
        return fail(header.len(), expected, format!("the end of the file after {}", header.len()));
    }
    let magic = [0, 0, 8, dimensions as u8];
    if header[..4] != magic {
        let expected =
            format!("the magic number {magic:02x?} (unsigned bytes, {dimensions}-dimensional)");
        return fail(0, expected, format!("{:02x?}", &header[..4]));
    }
    let sizes: Vec<usize> = header[4..]
        .chunks_exact(4)
        .map(|size| u32::from_be_bytes([size[0], size[1], size[2], size[3]]) as usize)
        .collect();
    // The claim is checked against the file before any memory is asked for.
    let claimed = sizes.iter().map(|&size| size as u128).product::<u128>();
    let most = room.most.saturating_sub(header_length as u64);
    if claimed > u128::from(most) {
        let expected = format!("sizes of at most {most} values, for which the file has room");
        return fail(4, expected, format!("{sizes:?}, {claimed} values"));
    }
    let claimed = claimed as usize;
    // One byte more than claimed shows whether the file ends where it should.
    let values = read_up_to(path, &mut source, header_length, claimed + 1, room)?;
    if values.len() != claimed {
        let more = values.len() > claimed;
        let found =
            if more { "more".to_owned() } else { format!("the end after {}", values.len()) };
        let offset = header_length + values.len().min(claimed);
        return fail(offset, format!("{claimed} values for sizes {sizes:?}"), found);
    }
    Ok(Idx { sizes, values })
}

/// Reads `count` bytes, or fewer where the source ends; `offset` is where in the content they begin.
fn read_up_to(
    path: &Path,
    source: &mut impl Read,
    offset: usize,
    count: usize,
    room: &Room,
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let broken = |expected: String, found: String, read: usize| Error::Format {
        path: path.to_owned(),
        offset: (offset + read) as u64,
        expected,
        found,
    };
    let at_once = room.usual.saturating_add(1).min(count as u64) as usize;
    if let Err(error) = bytes.try_reserve_exact(at_once) {
        let found = format!("a header that claims {count} bytes ({error})");
        return Err(broken("sizes that fit in memory".to_owned(), found, 0));
    }
    match source.take(count as u64).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) if is_corruption(&error) => {
            Err(broken("an intact gzip stream".to_owned(), error.to_string(), bytes.len()))
        }
        Err(error) => Err(Error::file(path)(error)),
    }
}

/// Whether an error is what flate2 says of a corrupt or truncated stream.
fn is_corruption(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(error.kind(), InvalidInput | InvalidData | UnexpectedEof)
}

/// Writes an IDX file, whole or not at all.
pub(crate) fn write(path: &Path, idx: &Idx) -> Result<(), Error> {
    let mut bytes = vec![0, 0, 8, idx.sizes.len() as u8];
    for &size in &idx.sizes {
        bytes.extend((size as u32).to_be_bytes());
    }
    bytes.extend(&idx.values);
    write_whole(path, &bytes).map_err(Error::file(path))
}
