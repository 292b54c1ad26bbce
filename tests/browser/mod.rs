//! Pages in a browser without a network, and what must hold of every page.

use serde_json::Value;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// Chromium, or a browser of its kind.
pub struct Chromium {
    program: PathBuf,
}

/// What a page has become in the browser.
pub struct Shown {
    pub dom: String,
    /// What the browser's console says.
    pub complaints: Vec<String>,
}

impl Chromium {
    /// Finds the browser; none, with the reason told, where there is none.
    pub fn find() -> Option<Chromium> {
        let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let found = names.iter().flat_map(|name| folders.iter().map(move |it| it.join(name)));
        let program = found.into_iter().find(|path| path.is_file());
        if program.is_none() {
            eprintln!("left out: no {} is installed", names.join(", "));
        }
        program.map(|program| Chromium { program })
    }

    /// Opens a page with the network off.
    pub fn open(&self, page: &str) -> Shown {
        self.open_with(page, &[])
    }

    /// Has axe-core check a page for accessibility; gives the violations that it found.
    pub fn check(&self, page: &str, axe: &str, dark: bool) -> Vec<Value> {
        let (before, policy) =
            page.split_once("<meta http-equiv=\"Content-Security-Policy\"").unwrap();
        let (_, after) = policy.split_once('>').unwrap();
        let script = format!(
            "<script>{}</script><script>axe.run().then((found) => {{\
               const text = JSON.stringify(found.violations.map(({{id, impact, nodes}}) =>\
                 ({{id, impact, nodes: nodes.map((node) => node.html.slice(0, 200))}})));\
               document.body.textContent = '';\
               document.body.dataset.found = btoa(unescape(encodeURIComponent(text)));\
             }})</script></body>",
            axe.replace("</script", "<\\/script")
        );
        let page = format!("{before}{after}").replace("</body>", &script);
        let scheme = format!("--blink-settings=preferredColorScheme={}", i32::from(!dark));
        let shown = self.open_with(&page, &[&scheme, "--virtual-time-budget=30000"]);
        let found = shown.dom.split_once("data-found=\"").expect("axe-core has ended").1;
        let found = base64_decode(found.split_once('"').unwrap().0);
        serde_json::from_slice(&found).unwrap()
    }

    fn open_with(&self, page: &str, arguments: &[&str]) -> Shown {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("page.html");
        fs::write(&path, page).unwrap();
        let output = Command::new(&self.program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1300,900"])
            .args([
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--enable-logging=stderr",
                "--dump-dom",
            ])
            .args(["--no-first-run", "--disable-background-networking", "--timeout=3000"])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .args(arguments)
            .arg(format!("file://{}", path.display()))
            .output()
            .unwrap();
        let log = String::from_utf8_lossy(&output.stderr);
        let complaints = log.lines().filter(|line| line.contains(":CONSOLE"));
        Shown {
            dom: String::from_utf8_lossy(&output.stdout).into_owned(),
            complaints: complaints.map(str::to_owned).collect(),
        }
    }
}

/// Reads axe-core, an accessibility checker, which `cargo lab test` keeps in the cache; none, with the
/// reason told, where it is missing.
pub fn axe() -> Option<String> {
    let Some(archive) = env::var_os("BACKPROP_TEST_AXE") else {
        eprintln!("left out: BACKPROP_TEST_AXE names no archive of axe-core");
        return None;
    };
    let mut tar = Command::new("tar");
    let output = tar.arg("-xzOf").arg(&archive).arg("package/axe.min.js").output().unwrap();
    assert!(output.status.success(), "tar cannot read {archive:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Asserts that a browser has no reason to ask for anything beyond the page.
pub fn assert_loads_nothing(page: &str) {
    let outside = tags(page);
    for tag in &outside {
        for attribute in [" src=\"", " srcset=\"", " poster=\"", " data=\"", " background=\""] {
            if let Some((_, value)) = tag.split_once(attribute) {
                assert!(value.starts_with("data:image/"), "{}", &tag[..tag.len().min(200)]);
            }
        }
        let name = tag[1..].split([' ', '>']).next().unwrap();
        let loads = ["link", "iframe", "object", "embed", "base", "form", "audio", "video", "use"];
        assert!(!loads.contains(&name), "{tag}");
    }
    assert!(page.contains("default-src 'none'"), "no policy");
    let style = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    assert!(!style.contains("url(") && !style.contains("@import"));
}

/// Asserts that every picture says what it shows.
pub fn assert_pictures_are_described(page: &str) {
    for tag in tags(page).iter().filter(|tag| tag.starts_with("<img")) {
        let alt = tag.split_once(" alt=\"").map(|(_, alt)| alt.split_once('"').unwrap().0);
        assert!(alt.is_some_and(|alt| !alt.trim().is_empty()), "{}", &tag[..tag.len().min(200)]);
    }
    assert!(!page.contains("<svg"), "figures are images, whose words are in `alt`");
}

/// The tags of a page, but for those within scripts; a `>` in an attribute's quotes ends none.
fn tags(page: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let tag = &rest[at..];
        let mut quoted = false;
        let end = tag.bytes().position(|byte| {
            quoted ^= byte == b'"';
            byte == b'>' && !quoted
        });
        let end = end.unwrap_or(tag.len() - 1) + 1;
        tags.push(tag[..end].to_owned());
        rest = match tag.starts_with("<script") {
            true => tag.split_once("</script>").map_or("", |it| it.1),
            false => &tag[end..],
        };
    }
    tags
}

fn base64_decode(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::prelude::BASE64_STANDARD.decode(text).unwrap()
}
