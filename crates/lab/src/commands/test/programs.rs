//! The test programs: which ones there are to be, by cargo's word, and those that it compiled.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use backprop_report::files;
use serde_json::Value;

/// A test program that is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub package: String,
    /// cargo's kind: lib, bin, test.
    pub kind: String,
    pub name: String,
    source: PathBuf,
    /// The package's folder, in which its tests run.
    folder: PathBuf,
}

/// The compiled programs, by package, kind and name.
#[derive(Debug, Default)]
pub struct Compiled(BTreeMap<(String, String, String), PathBuf>);

/// Gives the test programs of these packages.
pub fn targets(metadata: &Value, packages: &[&str]) -> Vec<Target> {
    let mut found = Vec::new();
    for package in array(&metadata["packages"]) {
        let name = text(&package["name"]);
        if !packages.contains(&name.as_str()) {
            continue;
        }
        let folder = PathBuf::from(text(&package["manifest_path"])).with_file_name("");
        for target in array(&package["targets"]).iter().filter(|target| target["test"] == true) {
            found.push(Target {
                package: name.clone(),
                kind: text(&target["kind"][0]),
                name: text(&target["name"]),
                source: text(&target["src_path"]).into(),
                folder: folder.clone(),
            });
        }
    }
    found
}

/// Asks cargo what the packages of the checkout hold.
pub fn metadata(cargo: &mut Command) -> Result<Value> {
    let output = cargo
        .args(["metadata", "--locked", "--no-deps", "--format-version", "1"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!("cargo cannot tell what the checkout holds; what it said stands above");
    }
    serde_json::from_slice(&output.stdout).context("`cargo metadata` wrote no JSON")
}

impl Target {
    /// Says whether every test in it is marked as one that needs the kernel.
    pub fn needs_kernel(&self) -> bool {
        if self.kind != "test" {
            return false;
        }
        let mut sources = vec![self.source.clone()];
        sources.extend(files::list(&self.source.with_extension("")).unwrap_or_default());
        let texts = sources.iter().filter_map(|path| fs::read_to_string(path).ok());
        let (tests, ignored) = texts.fold((0, 0), |sum, text| {
            let count = |what: &str| text.lines().filter(|line| line.starts_with(what)).count();
            (sum.0 + count("#[test]"), sum.1 + count("#[ignore"))
        });
        tests == ignored
    }

    /// Makes the command that runs the program as `cargo test` does.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        command
    }
}

impl Compiled {
    /// Reads what cargo tells with `--message-format json-render-diagnostics`.
    pub fn read(messages: &str, metadata: &Value) -> Compiled {
        let names: BTreeMap<String, String> = array(&metadata["packages"])
            .iter()
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let mut compiled = Compiled::default();
        for line in messages.lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
            let (target, program) = (&message["target"], message["executable"].as_str());
            let Some(program) = program.filter(|_| message["profile"]["test"] == true) else {
                continue;
            };
            let Some(package) = names.get(&text(&message["package_id"])) else { continue };
            let key = (package.clone(), text(&target["kind"][0]), text(&target["name"]));
            compiled.0.insert(key, program.into());
        }
        compiled
    }

    pub fn program(&self, target: &Target) -> Option<&Path> {
        let Target { package, kind, name, .. } = target.clone();
        self.0.get(&(package, kind, name)).map(PathBuf::as_path)
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn checkout(folder: &Path) -> Value {
        let target = |kind: &str, name: &str, test: bool| json!({ "kind": [kind], "name": name, "test": test, "src_path": folder.join(format!("{name}.rs")) });
        json!({ "packages": [
            { "name": "lab", "id": "path#lab", "manifest_path": folder.join("Cargo.toml"),
              "targets": [target("bin", "lab", true), target("test", "cells", true), target("bench", "b", false)] },
            { "name": "other", "id": "path#other", "manifest_path": "/o/Cargo.toml", "targets": [] },
        ]})
    }

    #[test]
    fn what_cargo_did_not_compile_is_missed() {
        let metadata = checkout(Path::new("/w"));
        let targets = targets(&metadata, &["lab"]);
        let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
        assert_eq!(names, ["lab", "cells"]);
        let artifact = |kind: &str, name: &str, test: bool| {
            let target = json!({ "kind": [kind], "name": name });
            json!({ "reason": "compiler-artifact", "package_id": "path#lab", "target": target,
                    "profile": { "test": test }, "executable": format!("/t/{name}") })
            .to_string()
        };
        let messages = [artifact("bin", "lab", false), artifact("test", "cells", true)];
        let compiled = Compiled::read(&messages.join("\n"), &metadata);
        assert_eq!(compiled.program(&targets[0]), None, "the program itself holds no tests");
        assert_eq!(compiled.program(&targets[1]), Some(Path::new("/t/cells")));
    }

    #[test]
    fn a_program_needs_the_kernel_if_all_its_tests_do() {
        let folder = tempfile::tempdir().unwrap();
        let cells = targets(&checkout(folder.path()), &["lab"]).remove(1);
        let write = |name: &str, text: &str| {
            files::write_whole(&folder.path().join(name), text.as_bytes(), 0o644).unwrap()
        };
        write("cells.rs", "#[test]\n#[ignore = \"\"]\nfn a() {}\n");
        assert!(cells.needs_kernel());
        write("cells/more.rs", "#[test]\nfn b() {}\n");
        assert!(!cells.needs_kernel());
    }
}
