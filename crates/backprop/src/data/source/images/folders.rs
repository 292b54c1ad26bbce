//! Subfolders: one for each class, or one for each set with one for each class in it.

use super::entry::{Entry, Listing, Set};
use super::manifest;
use super::names;
use crate::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// No image is looked for deeper within folders.
const DEEPEST: usize = 4;

/// Folders beside the images of a class that hold none of it: outlines of the lungs.
const MASKS: [&str; 2] = ["mask", "masks"];

/// What a folder holds without what systems leave there, in the order of the names.
struct Content {
    images: Vec<PathBuf>,
    other_images: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Content {
    fn of(folder: &Path) -> Result<Content, Error> {
        let listed = fs::read_dir(folder).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
        });
        let mut paths = listed.map_err(Error::file(folder))?;
        paths.retain(|path| names::is_content(path));
        paths.sort();
        let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
        let (images, others): (_, Vec<_>) =
            files.into_iter().partition(|path| names::is_image(path));
        let other_images = others.into_iter().filter(|path| names::is_other_image(path)).collect();
        Ok(Content { images, other_images, folders })
    }
}

/// Whether a folder has a subfolder with images.
pub(super) fn has_classes(folder: &Path) -> bool {
    Content::of(folder).is_ok_and(|content| content.folders.iter().any(|one| holds(one, DEEPEST)))
}

fn holds(folder: &Path, depth: usize) -> bool {
    let Ok(content) = Content::of(folder) else { return false };
    let below = |folder: &PathBuf| depth > 0 && holds(folder, depth - 1);
    !content.images.is_empty() || content.folders.iter().any(below)
}

/// The folder itself, or the one in it where an archive was unpacked with one folder round all.
pub(super) fn without_wrapping(folder: &Path) -> Result<PathBuf, Error> {
    let mut inner = folder.to_owned();
    for _ in 0..DEEPEST {
        let content = Content::of(&inner)?;
        let [only] = &content.folders[..] else { break };
        let is_class = !Content::of(only)?.images.is_empty() || !has_classes(only);
        let is_wrapped = manifest::path(only).is_file() || !is_class;
        if manifest::path(&inner).is_file() || !content.images.is_empty() || !is_wrapped {
            break;
        }
        inner.clone_from(only);
    }
    Ok(inner)
}

/// Lists the images of a folder.
pub(super) fn list(folder: &Path) -> Result<Listing, Error> {
    let content = Content::of(folder)?;
    let mut sets: Vec<(Set, &PathBuf)> = Vec::new();
    for path in &content.folders {
        // A folder with images of its own is a class, whatever its name.
        if let Some(set) = Set::of_word(&names::of(path))
            && Content::of(path)?.images.is_empty()
            && has_classes(path)
        {
            sets.push((set, path));
        }
    }
    let mut listing = Listing::default();
    match sets.is_empty() {
        true => add_classes(folder, folder, None, &mut listing)?,
        false => add_sets(folder, &content, sets, &mut listing)?,
    }
    Ok(listing)
}

/// Adds the images of the folders train and test, or train, val and test.
fn add_sets(
    folder: &Path,
    content: &Content,
    mut sets: Vec<(Set, &PathBuf)>,
    listing: &mut Listing,
) -> Result<(), Error> {
    sets.sort();
    let found = sets.iter().map(|(_, path)| names::of(path)).collect::<Vec<_>>().join(", ");
    let is_twice = sets.windows(2).any(|pair| pair[0].0 == pair[1].0);
    if is_twice || sets.len() < 2 || sets[0].0 != Set::Train {
        let expected =
            "subfolders train and test (and perhaps val), with a subfolder for each class in each";
        let (folder, expected) = (folder.to_owned(), expected.to_owned());
        return Err(Error::Layout { folder, expected, found });
    }
    if let [_, (second, _)] = &mut sets[..] {
        *second = Set::Test; // which some call val
    }
    listing.split = Some(format!("split as in its folders {found}"));
    for (set, path) in &sets {
        add_classes(folder, path, Some(*set), listing)?;
    }
    let is_no_set = |path: &&PathBuf| sets.iter().all(|(_, one)| one != path);
    let others: Vec<PathBuf> = content.folders.iter().filter(is_no_set).cloned().collect();
    leave_out(folder, "beside the sets", &others, listing);
    leave_out(folder, "beside the sets", &content.images, listing);
    Ok(())
}

/// Adds the images of the subfolders of a folder, each of which is a class.
fn add_classes(
    root: &Path,
    folder: &Path,
    set: Option<Set>,
    listing: &mut Listing,
) -> Result<(), Error> {
    let content = Content::of(folder)?;
    let mut empty = Vec::new();
    for class in &content.folders {
        let before = listing.entries.len();
        let mut images = Vec::new();
        add_images(root, class, DEEPEST, &mut images, listing)?;
        let name = names::of(class);
        listing.entries.extend(images.into_iter().map(|path| Entry {
            path,
            class: name.clone(),
            patient: None,
            set,
        }));
        if listing.entries.len() == before {
            empty.push(class.clone());
        }
    }
    if !empty.is_empty() {
        listing.notes.push(format!("folders without images: {}", some(root, &empty)));
    }
    leave_out(root, "beside the classes", &content.images, listing);
    leave_out(root, "neither PNG nor JPEG", &content.other_images, listing);
    Ok(())
}

/// Adds the images of a class: those of its folder, or where it has none those of the folders in it.
fn add_images(
    root: &Path,
    folder: &Path,
    depth: usize,
    images: &mut Vec<PathBuf>,
    listing: &mut Listing,
) -> Result<(), Error> {
    let content = Content::of(folder)?;
    leave_out(root, "neither PNG nor JPEG", &content.other_images, listing);
    let is_mask = |path: &PathBuf| MASKS.contains(&names::of(path).to_lowercase().as_str());
    let (beside, inner): (Vec<_>, Vec<_>) = content
        .folders
        .into_iter()
        .filter(|folder| holds(folder, DEEPEST))
        .partition(|folder| !content.images.is_empty() || is_mask(folder));
    leave_out(root, "within a class", &beside, listing);
    images.extend(content.images);
    for folder in inner {
        if depth > 0 {
            add_images(root, &folder, depth - 1, images, listing)?;
        }
    }
    Ok(())
}

/// Notes what is not read.
fn leave_out(root: &Path, why: &str, paths: &[PathBuf], listing: &mut Listing) {
    if !paths.is_empty() {
        listing.notes.push(format!("left out ({why}): {}", some(root, paths)));
    }
}

/// The first of some paths below a folder, and how many there are.
fn some(root: &Path, paths: &[PathBuf]) -> String {
    let first = paths[0].strip_prefix(root).unwrap_or(&paths[0]).display();
    match paths.len() {
        1 => first.to_string(),
        count => format!("{first} and {} more", count - 1),
    }
}
