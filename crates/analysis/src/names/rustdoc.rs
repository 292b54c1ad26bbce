//! Has rustdoc read a crate as it was compiled for the cells, without compiling anything anew.
//!
//! `cargo doc` would have the compiler check all dependencies, which takes longer than a lecture's break.
//! cargo is only asked what it has compiled ([`Build::read`]), and rustdoc uses that.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::declaration::{list, text};
use crate::call::Call;

/// What cargo has compiled for the cells.
pub struct Build {
    call: Call,
    folder: PathBuf,
    /// cargo's words for each library: by its package the one that cells are linked with.
    libraries: HashMap<String, Value>,
    /// What build scripts have said, by their packages.
    scripts: HashMap<String, Value>,
    /// cargo's words for each package.
    packages: HashMap<String, Value>,
    /// By its package, what a library depends on: names and packages.
    dependencies: HashMap<String, Vec<(String, String)>>,
}

impl Build {
    /// Asks cargo; where all is compiled already, that takes a quarter of a second.
    ///
    /// # Errors
    /// Where cargo cannot be asked.
    pub fn read(call: &Call, folder: &Path) -> Result<Build> {
        let mut build = Build {
            call: call.clone(),
            folder: folder.to_owned(),
            libraries: HashMap::new(),
            scripts: HashMap::new(),
            packages: HashMap::new(),
            dependencies: HashMap::new(),
        };
        let mut listed = call.cargo(folder, "metadata");
        listed.args(["--format-version", "1", "--offline"]);
        if let Some(target) = call.target() {
            listed.args(["--filter-platform", target]);
        }
        let mut compiled = call.compiling(folder);
        compiled.arg("--offline");
        build.note_compiled(&output(compiled)?);
        build.note_listed(&serde_json::from_str(&output(listed)?).context("cargo lists nothing")?);
        Ok(build)
    }

    fn note_compiled(&mut self, messages: &str) {
        let host =
            format!("{}target{}debug{0}", std::path::MAIN_SEPARATOR, std::path::MAIN_SEPARATOR);
        for message in messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok())
        {
            let package = text(&message["package_id"]).to_owned();
            match text(&message["reason"]) {
                "build-script-executed" => drop(self.scripts.insert(package, message)),
                "compiler-artifact" if library(&message).is_some() => {
                    let is_for_host = library(&message).is_some_and(|file| file.contains(&host));
                    // What build scripts and macros use was compiled apart.
                    if !is_for_host || !self.libraries.contains_key(&package) {
                        self.libraries.insert(package, message);
                    }
                }
                _ => {}
            }
        }
    }

    fn note_listed(&mut self, metadata: &Value) {
        for package in list(&metadata["packages"]) {
            self.packages.insert(text(&package["id"]).to_owned(), package.clone());
        }
        for node in list(&metadata["resolve"]["nodes"]) {
            let is_normal =
                |one: &&Value| list(&one["dep_kinds"]).any(|kind| kind["kind"].is_null());
            let named = |one: &Value| (text(&one["name"]).to_owned(), text(&one["pkg"]).to_owned());
            let dependencies = list(&node["deps"]).filter(is_normal).map(named).collect();
            self.dependencies.insert(text(&node["id"]).to_owned(), dependencies);
        }
    }

    /// Gives the packages that the cells can use by name.
    pub fn direct(&self) -> Vec<String> {
        let externs: Vec<PathBuf> = self.call.externs().map(|(_, path)| path.into()).collect();
        let is_direct = |message: &Value| {
            list(&message["filenames"])
                .any(|file| externs.iter().any(|one| one == Path::new(text(file))))
        };
        let direct = self.libraries.iter().filter(|(_, message)| is_direct(message));
        direct.map(|(package, _)| package.clone()).collect()
    }

    /// Gives the packages that a manifest says to pass on: `package.metadata.cells.public-dependencies`.
    pub fn declared(&self, package: &str) -> Vec<String> {
        let Some(known) = self.packages.get(package) else { return Vec::new() };
        let declared = &known["metadata"]["cells"]["public-dependencies"];
        let names: Vec<String> = list(declared).map(|name| text(name).replace('-', "_")).collect();
        self.dependencies(package, |name| names.iter().any(|one| one == name))
    }

    /// Gives the packages of those names that one depends on.
    pub fn dependencies(&self, package: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let all = self.dependencies.get(package).into_iter().flatten();
        let wanted = all.filter(|(_, package)| {
            let target =
                self.libraries.get(package).map(|message| text(&message["target"]["name"]));
            target.is_some_and(|name| is_wanted(&name.replace('-', "_")))
        });
        wanted.map(|(_, package)| package.clone()).collect()
    }

    /// Gives the file that a package's library was compiled to.
    pub fn file(&self, package: &str) -> Option<&Path> {
        library(self.libraries.get(package)?).map(Path::new)
    }

    /// Gives a package's documentation in JSON.
    ///
    /// # Errors
    /// Where rustdoc cannot be asked, or finds a fault.
    pub fn document(&self, package: &str) -> Result<Value> {
        let folder = self.folder.join("target/names");
        let message = self.libraries.get(package).context("it is not compiled")?;
        let name = text(&message["target"]["name"]).replace('-', "_");
        let mut command = self.call.rustdoc(&self.folder);
        command.args(["--crate-name", &name, "--edition", text(&message["target"]["edition"])]);
        command.arg(text(&message["target"]["src_path"])).arg("--cap-lints=allow");
        for feature in list(&message["features"]) {
            command.args(["--cfg", &format!("feature={feature}")]);
        }
        self.add_script(&mut command, package);
        self.add_externs(&mut command, package);
        self.add_environment(&mut command, package);
        // For its JSON alone, and for this process alone: build scripts would look at it.
        command.env("RUSTC_BOOTSTRAP", "1").arg("-Zunstable-options");
        command.args(["--output-format=json", "-o"]).arg(&folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let output = command.output().context("cannot start rustdoc")?;
        if !output.status.success() {
            bail!("rustdoc: {}", String::from_utf8_lossy(&output.stderr));
        }
        let file = folder.join(name + ".json");
        let json = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let _ = fs::remove_file(&file); // some megabytes
        Ok(serde_json::from_slice(&json)?)
    }

    fn add_script(&self, command: &mut Command, package: &str) {
        let Some(script) = self.scripts.get(package) else { return };
        for cfg in list(&script["cfgs"]) {
            command.args(["--cfg", text(cfg)]);
        }
        for pair in list(&script["env"]) {
            command.env(text(&pair[0]), text(&pair[1]));
        }
        command.env("OUT_DIR", text(&script["out_dir"]));
    }

    fn add_externs(&self, command: &mut Command, package: &str) {
        for (name, package) in self.dependencies.get(package).into_iter().flatten() {
            if let Some(file) = self.file(package) {
                command.arg("--extern").arg(format!("{name}={}", file.display()));
            }
        }
    }

    /// Sets what cargo tells a crate of itself.
    fn add_environment(&self, command: &mut Command, package: &str) {
        let Some(package) = self.packages.get(package) else { return };
        let (version, manifest) = (text(&package["version"]), text(&package["manifest_path"]));
        let mut numbers = version.split(['.', '-', '+']);
        for part in ["MAJOR", "MINOR", "PATCH"] {
            command.env(format!("CARGO_PKG_VERSION_{part}"), numbers.next().unwrap_or_default());
        }
        for name in ["name", "description", "homepage", "repository", "license", "rust_version"] {
            command.env(format!("CARGO_PKG_{}", name.to_uppercase()), text(&package[name]));
        }
        let authors: Vec<&str> = list(&package["authors"]).map(text).collect();
        command.env("CARGO_PKG_VERSION", version).env("CARGO_PKG_VERSION_PRE", "");
        command.env("CARGO_PKG_AUTHORS", authors.join(":"));
        if let Some(folder) = Path::new(manifest).parent() {
            command.env("CARGO_MANIFEST_DIR", folder);
        }
    }
}

/// Gives the file of a library, or of a macro.
fn library(message: &Value) -> Option<&str> {
    let is_library = |file: &&str| [".rlib", ".so", ".dylib"].iter().any(|end| file.ends_with(end));
    let kinds = &message["target"]["kind"];
    let is_of_library =
        list(kinds).any(|kind| kind == "lib" || kind == "rlib" || kind == "proc-macro");
    list(&message["filenames"]).map(text).find(|file| is_of_library && is_library(file))
}

fn output(mut command: Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().context("cannot start cargo")?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
