//! Room on the disk of the cache.

use anyhow::{Context, Result, bail};

use crate::cache::Cache;

/// What must be free, in megabytes, for the kernel to make its template and for notebooks to open:
/// each of them copies the template. The kernel itself asks for no more.
pub const FOR_NOTEBOOKS: u64 = 700;

/// Makes sure that so many megabytes are free.
pub fn require(cache: &Cache, needed: u64) -> Result<()> {
    let disk =
        rustix::fs::statvfs(cache.root()).context("cannot see how full the cache's disk is")?;
    compare(disk.f_bavail * disk.f_frsize / 1_000_000, needed, cache)
}

fn compare(free: u64, needed: u64, cache: &Cache) -> Result<()> {
    if free < needed {
        bail!(
            "{free} MB are free on the disk of {}, and {needed} MB are needed: make room, or set \
             BACKPROP_CACHE to a folder on another disk",
            cache.root().display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_with_what_is_free_and_what_is_needed() -> Result<()> {
        let cache = Cache::open()?;
        compare(2000, 2000, &cache)?;
        let error = compare(1999, 2000, &cache).unwrap_err().to_string();
        assert!(error.starts_with("1999 MB are free on the disk of "), "{error}");
        assert!(error.contains("2000 MB are needed"), "{error}");
        require(&cache, 0)?;
        require(&cache, u64::MAX).unwrap_err();
        Ok(())
    }

    /// So that the kernel's own look, minutes later, does not find a disk too full.
    #[test]
    fn the_set_up_asks_for_no_less_room_than_the_kernel() -> Result<()> {
        let kernel = include_str!("../../../kernel/src/toolchain.rs");
        let (_, value) = kernel.split_once("const ROOM: u64 = ").context("no ROOM")?;
        let (value, _) = value.split_once(';').context("no end of ROOM")?;
        let bytes: u64 = value.replace('_', "").parse()?;
        assert!(FOR_NOTEBOOKS * 1_000_000 >= bytes, "{FOR_NOTEBOOKS} MB, {bytes} bytes");
        Ok(())
    }
}
