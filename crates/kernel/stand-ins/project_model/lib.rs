//! Stands in for rust-analyzer's crate of this name: where the crate of the cells lies.

#![allow(missing_docs, reason = "the names are rust-analyzer's, and so is what they mean")]

use std::convert::Infallible;
use std::path::PathBuf;

use backprop_analysis::call::restore_versions;
use ra_ap_paths::{AbsPath, AbsPathBuf};
use ra_ap_vfs::FileId;
use rustc_hash::FxHashMap;

/// The folder that holds the crate's `Cargo.toml`.
pub struct CrateGraph {
    pub folder: PathBuf,
}

pub struct ProjectManifest(AbsPathBuf);

impl ProjectManifest {
    pub fn from_manifest_file(path: AbsPathBuf) -> Result<ProjectManifest, Infallible> {
        Ok(ProjectManifest(path))
    }
}

#[derive(Default)]
pub struct CargoConfig {
    pub sysroot: Option<RustLibSource>,
    /// evcxr names the field above alone, and takes the rest from the default.
    pub rest: (),
}

pub enum RustLibSource {
    Discover,
}

pub struct ProjectWorkspace {
    folder: PathBuf,
}

/// The folders to read: none.
pub struct PackageRoot {
    pub include: Vec<AbsPathBuf>,
    pub exclude: Vec<AbsPathBuf>,
}

impl ProjectWorkspace {
    pub fn load(
        ProjectManifest(path): ProjectManifest,
        _: &CargoConfig,
        _: &dyn Fn(String),
    ) -> Result<ProjectWorkspace, Infallible> {
        // evcxr calls this when it has changed what the crate depends on, before it is built.
        let folder: PathBuf = path.parent().map(AbsPath::to_path_buf).unwrap_or(path).into();
        restore_versions(&folder);
        Ok(ProjectWorkspace { folder })
    }

    pub fn to_roots(&self) -> Vec<PackageRoot> {
        Vec::new()
    }

    pub fn to_crate_graph(
        &self,
        _: &mut dyn FnMut(&AbsPath) -> Option<FileId>,
        _: &FxHashMap<String, String>,
    ) -> (CrateGraph, ()) {
        (CrateGraph { folder: self.folder.clone() }, ())
    }
}
