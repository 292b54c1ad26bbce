//! A check that the template holds the versions which the workspace's lock file pins.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use toml::{Table, Value};

/// Checks that each package in the lock file `used` is in the lock file `pinned` at that version.
///
/// # Errors
/// Names those that are not.
pub fn check(used: &str, pinned: &str) -> Result<()> {
    let pinned = packages(pinned)?;
    let strangers: Vec<String> = packages(used)?
        .difference(&pinned)
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    if !strangers.is_empty() {
        bail!("the template holds versions that Cargo.lock does not pin: {}", strangers.join(", "));
    }
    Ok(())
}

/// Gives name and version of the packages that come from a registry.
fn packages(lock: &str) -> Result<BTreeSet<(String, String)>> {
    let lock: Table = lock.parse()?;
    let packages = lock.get("package").and_then(Value::as_array);
    let text = |package: &Value, key| Some(package.get(key)?.as_str()?.to_owned());
    Ok(packages
        .into_iter()
        .flatten()
        .filter(|package| package.get("source").is_some())
        .filter_map(|package| Some((text(package, "name")?, text(package, "version")?)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(packages: &[(&str, &str)]) -> String {
        let own = "[[package]]\nname = \"ctx\"\nversion = \"1.0.0\"\n".to_owned();
        packages.iter().fold(own, |text, (name, version)| {
            text + &format!(
                "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"registry\"\n"
            )
        })
    }

    #[test]
    fn fewer_packages_are_fine_and_other_versions_are_named() {
        let pinned = lock(&[("ndarray", "0.17.1"), ("rand", "0.9.2"), ("rand", "0.8.5")]);
        check(&lock(&[("ndarray", "0.17.1"), ("rand", "0.8.5")]), &pinned).unwrap();

        let used = lock(&[("ndarray", "0.17.2"), ("rand", "0.9.2"), ("serde", "1.0.0")]);
        let error = check(&used, &pinned).unwrap_err().to_string();
        assert!(error.ends_with("pin: ndarray 0.17.2, serde 1.0.0"), "{error}");
    }
}
