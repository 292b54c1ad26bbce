//! Python environments: packages pinned by a lock, in a folder of the cache.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use backprop_report::files::{self, Key};
use indicatif::{ProgressBar, ProgressStyle};

use crate::cache::Cache;
use backprop_protocol::folders::find_program;

/// What an environment holds.
#[derive(Clone, Copy)]
pub struct Packages {
    /// The beginning of its folder's name.
    name: &'static str,
    /// Every package with its version and hashes; requirements.in says how it was made.
    lock: &'static str,
}

/// JupyterLab and its companions.
pub const LAB: Packages =
    Packages { name: "python", lock: include_str!("../../python/requirements.lock") };
/// The front ends and graders of others, which the tests alone use.
pub const TESTS: Packages = Packages {
    name: "test-python",
    lock: include_str!("../../../../tests/python/requirements.lock"),
};

const OLDEST: (u32, u32) = (3, 10);
const NAMES: [&str; 6] =
    ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];

/// The environment as it is to be.
///
/// An environment holds its own path, so it cannot be made elsewhere and moved: it is made in
/// place, and a stamp written last tells that it is whole.
pub struct Plan {
    packages: Packages,
    folder: PathBuf,
    base: Base,
}

/// The Python of the machine that the environment is made from.
struct Base {
    executable: PathBuf,
    version: String,
}

/// How an environment's making is shown.
#[derive(Clone, Copy)]
pub enum Progress {
    Bar,
    /// Where something else shows its progress in the terminal.
    Silent,
}

impl Packages {
    /// Counts the packages; a few of them are for other systems or versions of Python.
    fn count(self) -> usize {
        let is_package = |line: &&str| line.contains("==") && !line.starts_with([' ', '#']);
        self.lock.lines().filter(is_package).count()
    }
}

impl Plan {
    pub fn new(packages: Packages, cache: &Cache) -> Result<Plan> {
        let base = Base::find()?;
        let key = Key::default()
            .with(packages.lock.as_bytes())
            .with(base.version.as_bytes())
            .with(base.executable.as_os_str().as_encoded_bytes())
            .finish();
        let folder = cache.root().join(format!("{}-{key}", packages.name));
        Ok(Plan { packages, folder, base })
    }

    fn python(&self) -> PathBuf {
        self.folder.join("bin/python")
    }

    fn stamp(&self) -> PathBuf {
        self.folder.join("complete")
    }

    pub fn is_done(&self) -> bool {
        self.stamp().is_file() && self.python().is_file()
    }

    /// Gives the interpreter of an environment that is there.
    #[cfg(feature = "whole")]
    pub fn made(&self) -> Option<PathBuf> {
        self.is_done().then(|| self.python())
    }

    /// Makes sure that the machine's Python can make environments.
    pub fn require_venv(&self) -> Result<()> {
        self.base.require_venv()
    }

    /// Makes the environment unless it is there, and gives its interpreter.
    pub fn make(&self, progress: Progress) -> Result<PathBuf> {
        if self.is_done() {
            return Ok(self.python());
        }
        self.require_venv()?;
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)
                .with_context(|| format!("cannot remove {}", self.folder.display()))?;
        }
        let mut venv = Command::new(&self.base.executable);
        venv.args(["-I", "-m", "venv"]).arg(&self.folder);
        let output = venv.output().context("cannot start Python")?;
        if !output.status.success() {
            bail!(
                "`{} -m venv` failed:\n{}{}",
                self.base.executable.display(),
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        self.install_packages(progress)?;
        files::write_whole(&self.stamp(), self.base.version.as_bytes(), 0o644)?;
        Ok(self.python())
    }

    fn install_packages(&self, progress: Progress) -> Result<()> {
        let lock = self.folder.join("requirements.lock");
        files::write_whole(&lock, self.packages.lock.as_bytes(), 0o644)?;
        // Complaints go where all else goes: they may come while others write to the terminal.
        let (output, writer) = io::pipe()?;
        let mut pip = Command::new(self.python())
            .args(["-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"])
            .args([
                "--progress-bar",
                "off",
                "--require-hashes",
                "--only-binary",
                ":all:",
                "--no-deps",
            ])
            .arg("--requirement")
            .arg(&lock)
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer)
            .spawn()
            .context("cannot start pip")?;
        let shown = follow(BufReader::new(output), self.packages.count(), progress)?;
        if !pip.wait()?.success() {
            let last: Vec<_> = shown.into();
            bail!("pip could not install the packages:\n{}", last.join("\n"));
        }
        Ok(())
    }
}

/// Shows pip's way through so many packages, and gives the last lines it wrote.
fn follow(output: impl BufRead, packages: usize, progress: Progress) -> Result<VecDeque<String>> {
    let bar = match progress {
        Progress::Bar => ProgressBar::new(packages as u64),
        Progress::Silent => ProgressBar::hidden(),
    };
    bar.set_style(ProgressStyle::with_template("  {bar:30} {pos}/{len} {wide_msg}")?);
    let mut last = VecDeque::new();
    for line in output.lines() {
        let line = line?;
        if let Some(package) = line.strip_prefix("Collecting ") {
            bar.inc(1);
            bar.set_message(package.split(' ').next().unwrap_or_default().to_owned());
        } else if line.starts_with("Installing collected packages") {
            bar.set_position(bar.length().unwrap_or_default());
            bar.set_message("installing");
        }
        last.push_back(line);
        if last.len() > 12 {
            last.pop_front();
        }
    }
    bar.finish_and_clear();
    Ok(last)
}

impl Base {
    /// Finds a Python that is new enough, or says what is missing and how to install it.
    fn find() -> Result<Base> {
        let mut too_old = Vec::new();
        for name in NAMES {
            match ask(name) {
                Some((version, executable)) if version_pair(&version) >= Some(OLDEST) => {
                    return Ok(Base { executable, version });
                }
                Some((version, executable)) => {
                    too_old.push(format!("{} is {version}", executable.display()));
                }
                None => {}
            }
        }
        let (major, minor) = OLDEST;
        let found =
            if too_old.is_empty() { String::new() } else { format!(" ({})", too_old.join("; ")) };
        bail!(
            "no Python {major}.{minor} or newer found{found}. Install it:\n  \
             Debian, Ubuntu:  sudo apt-get install python3 python3-venv\n  \
             Fedora:          sudo dnf install python3\n  \
             macOS:           brew install python3\n  \
             conda:           conda env create --file environment.yml"
        );
    }

    /// Debian packages the parts that make environments apart from Python itself.
    fn require_venv(&self) -> Result<()> {
        let check = Command::new(&self.executable)
            .args(["-I", "-c", "import venv, ensurepip"])
            .stderr(Stdio::null())
            .status()
            .context("cannot start Python")?;
        if !check.success() {
            let (major, minor) = version_pair(&self.version).unwrap_or(OLDEST);
            bail!(
                "{} lacks the modules venv and ensurepip. Install them:\n  \
                 Debian, Ubuntu:  sudo apt-get install python{major}.{minor}-venv\n  \
                 elsewhere:       they come with Python; reinstall it",
                self.executable.display()
            );
        }
        Ok(())
    }
}

/// Asks a Python for its version and its true path.
fn ask(name: &str) -> Option<(String, PathBuf)> {
    const QUESTION: &str = "import os, platform, sys; \
        print(platform.python_version()); print(os.path.realpath(sys.executable))";
    find_program(name)?;
    let output = Command::new(name).args(["-I", "-c", QUESTION]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (version, executable) = text.trim().split_once('\n')?;
    Some((version.to_owned(), Path::new(executable).to_path_buf()))
}

fn version_pair(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(|part| part.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(version_pair("3.9.18") < Some(OLDEST));
        assert!(version_pair("3.10.0") >= Some(OLDEST));
        assert!(version_pair("3.13.0rc1") >= Some(OLDEST));
        assert_eq!(version_pair("nonsense"), None);
    }

    #[test]
    fn every_package_of_a_lock_has_a_hash() {
        for environment in [LAB, TESTS] {
            let text = environment.lock.replace("\\\n", " ");
            let packages: Vec<_> = text.lines().filter(|line| line.contains("==")).collect();
            assert!(packages.len() > 50, "{}: {} packages", environment.name, packages.len());
            assert_eq!(packages.len(), environment.count());
            for package in packages {
                assert!(package.contains("--hash=sha256:"), "no hash: {package}");
            }
        }
    }
}
