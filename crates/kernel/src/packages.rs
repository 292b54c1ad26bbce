//! The packages that rust-analyzer reads, to infer the types of variables.
//!
//! A cell meets `backprop`, and `ndarray` in its arrays. The seventy others serve inside the crate, and
//! to parse and expand them at each start is more than half of rust-analyzer's work. It asks cargo for
//! them, so the kernel has a cargo of its own: the true one, but for `cargo metadata`, which leaves out
//! what a `Cargo.toml` says is not met outside:
//!
//! ```toml
//! [package.metadata.cells]
//! public-dependencies = ["ndarray"]
//! ```
//!
//! rust-analyzer looks for `$CARGO_HOME/bin/cargo` first; rustup's goes on to the toolchain that
//! `RUSTUP_TOOLCHAIN` names. Where there is none, it looks for `CARGO`. Both lead here.

use std::collections::{HashMap, HashSet};
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::files;
use crate::toolchain::Toolchain;

/// The argument that asks for this part; then follow the true cargo and its arguments.
pub const ARGUMENT: &str = "cargo-metadata";

/// Makes the folder `to` a toolchain that differs from the true one in its cargo, and gives that; none
/// where cargo lies elsewhere, and rust-analyzer reads everything.
pub fn link(toolchain: &Toolchain, kernel: &Path, to: &Path) -> Result<Option<PathBuf>> {
    let programs = to.join("bin");
    fs::create_dir_all(&programs)?;
    link_all(&toolchain.sysroot, to, "bin")?;
    link_all(&toolchain.sysroot.join("bin"), &programs, "cargo")?;
    if !toolchain.cargo().is_file() {
        return Ok(None);
    }
    let cargo = programs.join("cargo");
    files::write(&cargo, script(kernel, &toolchain.cargo()).as_bytes())?;
    fs::set_permissions(&cargo, Permissions::from_mode(0o755))?;
    Ok(Some(cargo))
}

/// Makes `to` lead to all that is in `from`, but for the entry `except`.
fn link_all(from: &Path, to: &Path, except: &str) -> Result<()> {
    for name in files::names_in(from).iter().filter(|name| *name != except) {
        files::link(&from.join(name), &to.join(name))?;
    }
    Ok(())
}

fn script(kernel: &Path, cargo: &Path) -> String {
    let quoted = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', r"'\''"));
    let (kernel, cargo) = (quoted(kernel), quoted(cargo));
    format!(
        "#!/bin/sh\n\
         if [ \"$1\" = metadata ]; then exec {kernel} {ARGUMENT} {cargo} \"$@\"; fi\n\
         exec {cargo} \"$@\"\n"
    )
}

/// Runs the true cargo, and passes on what it says without the packages that no cell meets.
pub fn run(command: &[String]) -> Result<ExitCode> {
    let [cargo, arguments @ ..] = command else { bail!("{ARGUMENT}: which cargo?") };
    let output = Command::new(cargo)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {cargo}"))?;
    let told = match serde_json::from_slice::<Metadata>(&output.stdout) {
        Ok(metadata) => serde_json::to_vec(&metadata.met())?,
        Err(_) => output.stdout,
    };
    io::stdout().write_all(&told)?;
    Ok(if output.status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What `cargo metadata` says of a package and all that it depends on.
#[derive(Serialize, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
struct Package {
    id: String,
    name: String,
    /// The table `package.metadata` of its `Cargo.toml`.
    metadata: Value,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// The graph of the packages.
#[derive(Serialize, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// A package, and those that it depends on: their ids alone, and with more about them.
#[derive(Serialize, Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
    deps: Vec<Dependency>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
struct Dependency {
    pkg: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl Metadata {
    /// Leaves the packages that a cell meets: the workspace's own, and those that public dependencies
    /// lead to from there.
    fn met(mut self) -> Metadata {
        self.cut();
        let edges: HashMap<&String, &[String]> =
            self.resolve.nodes.iter().map(|node| (&node.id, &node.dependencies[..])).collect();
        let mut met = HashSet::new();
        let mut next = self.workspace_members.clone();
        while let Some(id) = next.pop() {
            if met.insert(id.clone()) {
                next.extend_from_slice(edges.get(&id).copied().unwrap_or_default());
            }
        }
        self.packages.retain(|package| met.contains(&package.id));
        self.resolve.nodes.retain(|node| met.contains(&node.id));
        self
    }

    /// Takes out of the graph the dependencies that a package does not name as public, if it names any.
    fn cut(&mut self) {
        let names: HashMap<&String, &String> =
            self.packages.iter().map(|package| (&package.id, &package.name)).collect();
        let public: HashMap<&String, Vec<&str>> = self
            .packages
            .iter()
            .filter_map(|package| Some((&package.id, package.public_dependencies()?)))
            .collect();
        for node in &mut self.resolve.nodes {
            let Some(public) = public.get(&node.id) else { continue };
            let is_public =
                |id: &String| names.get(id).is_some_and(|name| public.contains(&name.as_str()));
            node.dependencies.retain(|id| is_public(id));
            node.deps.retain(|dependency| is_public(&dependency.pkg));
        }
    }
}

impl Package {
    fn public_dependencies(&self) -> Option<Vec<&str>> {
        let names = self.metadata.pointer("/cells/public-dependencies")?.as_array()?;
        Some(names.iter().filter_map(Value::as_str).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Packages with what they depend on, as cargo tells; the first is the workspace's own. One names
    /// its public dependencies.
    fn metadata(graph: &[(&str, &[&str])], public: (&str, &[&str])) -> Value {
        let package = |(name, _): &(&str, &[&str])| {
            let table = json!({"cells": {"public-dependencies": public.1}});
            let table = if *name == public.0 { table } else { Value::Null };
            json!({"id": format!("id-{name}"), "name": name, "metadata": table, "targets": []})
        };
        let node = |(name, to): &(&str, &[&str])| {
            let to: Vec<String> = to.iter().map(|name| format!("id-{name}")).collect();
            let deps: Vec<Value> =
                to.iter().map(|id| json!({"pkg": id, "dep_kinds": []})).collect();
            json!({"id": format!("id-{name}"), "dependencies": to, "deps": deps, "features": []})
        };
        json!({
            "packages": graph.iter().map(package).collect::<Vec<_>>(),
            "workspace_members": [format!("id-{}", graph[0].0)],
            "resolve": {"nodes": graph.iter().map(node).collect::<Vec<_>>(), "root": null},
            "version": 1,
        })
    }

    fn met(metadata: &Value) -> Value {
        let metadata: Metadata = serde_json::from_value(metadata.clone()).unwrap();
        serde_json::to_value(metadata.met()).unwrap()
    }

    #[test]
    fn what_serves_inside_a_package_is_left_out() {
        let all = metadata(
            &[
                ("ctx", &["backprop"]),
                ("backprop", &["ndarray", "png", "serde"]),
                ("ndarray", &["num-traits"]),
                ("num-traits", &[]),
                ("png", &["crc"]),
                ("crc", &[]),
                ("serde", &[]),
            ],
            ("backprop", &["ndarray"]),
        );
        let expected = metadata(
            &[
                ("ctx", &["backprop"]),
                ("backprop", &["ndarray"]),
                ("ndarray", &["num-traits"]),
                ("num-traits", &[]),
            ],
            ("backprop", &["ndarray"]),
        );
        assert_eq!(met(&all), expected);
    }

    #[test]
    fn what_a_notebook_depends_on_by_itself_stays() {
        let graph: [(&str, &[&str]); 5] = [
            ("ctx", &["backprop", "png"]),
            ("backprop", &["ndarray", "png"]),
            ("ndarray", &[]),
            ("png", &["crc"]),
            ("crc", &[]),
        ];
        let mut expected = graph;
        expected[1] = ("backprop", &["ndarray"]);
        let public = ("backprop", &["ndarray"][..]);
        assert_eq!(met(&metadata(&graph, public)), metadata(&expected, public));
    }

    #[test]
    fn where_no_package_tells_nothing_is_left_out() {
        let all = metadata(&[("ctx", &["ndarray"]), ("ndarray", &[])], ("", &[]));
        assert_eq!(met(&all), all);
    }

    #[test]
    fn the_toolchain_differs_in_its_cargo() {
        let temporary = tempfile::tempdir().unwrap();
        let (sysroot, to) = (temporary.path().join("it's"), temporary.path().join("to"));
        for name in ["bin/cargo", "bin/rustc", "lib/rustlib/x"] {
            files::write(&sysroot.join(name), b"#!/bin/sh\necho \"true $0: $*\"\n").unwrap();
        }
        fs::set_permissions(sysroot.join("bin/cargo"), Permissions::from_mode(0o755)).unwrap();
        let toolchain = Toolchain { version: String::new(), libraries: sysroot.clone(), sysroot };
        let cargo = link(&toolchain, Path::new("/bin/echo"), &to).unwrap().unwrap();

        let run = |arguments: &[&str]| {
            let output = Command::new(&cargo).args(arguments).output().unwrap();
            String::from_utf8(output.stdout)
                .unwrap()
                .replace(temporary.path().to_str().unwrap(), "")
        };
        assert_eq!(run(&["build", "a b"]), "true /it's/bin/cargo: build a b\n");
        assert_eq!(run(&["metadata", "-x"]), "cargo-metadata /it's/bin/cargo metadata -x\n");
        assert!(to.join("lib/rustlib/x").is_file() && to.join("bin/rustc").is_file());

        files::remove(&toolchain.cargo()).unwrap();
        assert_eq!(link(&toolchain, Path::new("/bin/echo"), &to.join("none")).unwrap(), None);
    }
}
