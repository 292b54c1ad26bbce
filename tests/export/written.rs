//! What is written where, and what is refused.

use super::*;

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn a_notebook_without_outputs_is_written_with_a_warning() {
    let (page, said) = page_of(&[markdown("# A"), code("let a: i32 = 1;")], &[]);
    let expected = "cell 2 (id cell-1): no cell of this notebook was executed";
    assert!(
        said.contains(expected) && page.contains("no cell of this notebook was executed"),
        "{said}"
    );
}

#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn pictures_and_pages_lie_in_folders_of_any_name() {
    let folder = TempDir::new().unwrap();
    let below = folder.path().join("Meine Übung/Teil 1");
    fs::create_dir_all(below.join("Bilder")).unwrap();
    fs::write(below.join("Bilder/ein Punkt.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .unwrap();
    let path = below.join("Übung 1.ipynb");
    notebooks::write(&path, &[markdown("# A\n\n![a dot](Bilder/ein%20Punkt.svg)")]);
    let out = folder.path().join("Ausgabe für alle");
    let output = export(&path, &["--to", "both", "--out", out.to_str().unwrap()]);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", errors(&output));
    let page = fs::read_to_string(out.join("Übung 1.html")).unwrap();
    assert!(
        page.contains("<img alt=\"a dot\" src=\"data:image/svg+xml;base64,")
            || page.contains("alt=\"a dot\"")
    );
    assert!(page.contains("Übung 1.ipynb, SHA-256 ") && out.join("Übung 1.pdf").is_file());
}

#[test]
fn what_is_no_notebook_is_refused_and_an_earlier_page_stays() {
    let cases = [
        ("{\"cells\": [", "no notebook, which is a JSON object: EOF while parsing"),
        ("{\"nbformat\": 3, \"worksheets\": []}", "expected a notebook of format 4, found 3"),
        ("{\"nbformat\": 4}", "expected a list of cells, found none"),
    ];
    for (text, expected) in cases {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.ipynb");
        fs::write(&path, text).unwrap();
        fs::write(folder.path().join("a.html"), "earlier").unwrap();
        let output = export(&path, &[]);
        let said = errors(&output);
        assert!(!output.status.success() && said.contains(expected), "{said}");
        assert!(said.contains("a.ipynb"), "{said}");
        assert_eq!(fs::read_to_string(folder.path().join("a.html")).unwrap(), "earlier");
    }
    let output = export(Path::new("nowhere.ipynb"), &[]);
    assert!(errors(&output).contains("cannot read nowhere.ipynb"), "{}", errors(&output));
}

/// Files may not grow beyond 8 blocks of 512 bytes: to a program as if the disk were full.
#[test]
#[ignore = "needs the lab's Python: `cargo lab test` runs it"]
fn on_a_full_disk_the_earlier_page_stays_whole() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.ipynb");
    notebooks::write(&path, &report());
    for to in ["html", "pdf"] {
        let earlier = folder.path().join(format!("a.{to}"));
        fs::write(&earlier, "earlier").unwrap();
        let output = Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" export \"$1\" --to \"$2\""])
            .arg(env!("CARGO_BIN_EXE_lab"))
            .arg(&path)
            .arg(to)
            .env("BACKPROP_WORKSPACE", root())
            .output()
            .unwrap();
        let said = errors(&output);
        assert!(!output.status.success(), "{to}");
        assert!(said.contains("cannot write") && said.contains("File too large"), "{to}: {said}");
        assert_eq!(fs::read_to_string(&earlier).unwrap(), "earlier");
    }
    let left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "nothing half-written is left: {left:?}");
}

#[test]
fn two_notebooks_of_one_name_are_not_written_over_each_other() {
    let folder = TempDir::new().unwrap();
    let paths = ["one/a.ipynb", "two/a.ipynb"].map(|name| folder.path().join(name));
    paths.iter().for_each(|path| notebooks::write(path, &[markdown("# A")]));
    let out = folder.path().join("out");
    let output = export(&paths[0], &[paths[1].to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(errors(&output).contains("two notebooks are named a: their pages would collide"));
    assert!(!output.status.success() && !out.exists());
}
