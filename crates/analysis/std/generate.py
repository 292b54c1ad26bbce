"""Makes std.tsv: names and signatures of the standard library, with the pages that tell more.

    rustup component add rust-docs
    python3 generate.py "$(rustc --print sysroot)/share/doc/rust/html" > std.tsv

It reads the pages of Rust's own documentation, and takes nothing over but names, signatures and the pages'
addresses. A line is: whose member it is, its name, its kind, the path under which its own members
stand, its signature, its page, or the place in its owner's page. Lines are sorted. What is experimental or
deprecated is left out.
"""

import html
import re
import sys
from pathlib import Path

MODULES = """
std std::array std::borrow std::boxed std::cell std::char std::clone std::cmp std::collections
std::collections::btree_map std::collections::hash_map std::convert std::default std::env
std::error std::f32 std::f32::consts std::f64 std::f64::consts std::fmt std::fs std::hash
std::io std::iter std::marker std::mem std::num std::ops std::option std::path std::process
std::rc std::result std::slice std::str std::string std::sync std::sync::atomic std::thread
std::time std::vec
""".split()
PRIMITIVES = """
array bool char f32 f64 i8 i16 i32 i64 i128 isize slice str tuple u8 u16 u32 u64 u128 usize
""".split()
# Traits whose methods count as a type's own; the first are offered first.
TRAITS = """
Iterator DoubleEndedIterator ExactSizeIterator IntoIterator Extend Read BufRead Write Seek Clone ToString
Default From FromIterator FromStr Ord PartialOrd
""".split()
UNSIZED = ("str", "slice", "std::path::Path")
COLLECTIONS = ("BTreeMap", "HashMap")
# Methods of values that are seldom there: of `Box<MaybeUninit<T>>`, `Rc<dyn Any>`.
SELDOM = ("assume_init", "downcast", "downcast_unchecked")
# Types without everyday use, of whose members there are many.
WITHOUT_MEMBERS = re.compile(
    r"std::(sync::atomic::Atomic[IU]\d|num::(NonZero|Wrapping|Saturating))"
)
METHOD = re.compile(
    r'<section id="((?:ty)?method|associatedconstant)\.(\w+)(?:-\d+)?" class="[^"]*">'
    r"(.*?)</section>(.{0,200})",
    flags=re.S,
)
# Behind a method that is not for all.
NOT_FOR_ALL = re.compile(r'<span class="item-info">.*?stab (unstable|deprecated)')
HEAD = re.compile(r'<h4 class="code-header">(.*?)</h4>', flags=re.S)
TRAIT = re.compile(
    r'<h3 class="code-header">impl(?:&lt;.*?&gt;)? (?:const )?'
    r'<a class="trait" href="[^"]*" title="trait (std::[\w:]+)"'
)
ITERATOR = re.compile(
    r'</a>(?:&lt;[^;]*&gt;)? for <a class="struct" href="[^"]*" title="struct (std::[\w:]+)"'
)
KINDS = {
    "struct": "struct",
    "enum": "enum",
    "trait": "trait",
    "fn": "fn",
    "macro": "macro",
    "mod": "mod",
    "constant": "const",
    "type": "type",
    "union": "struct",
    "primitive": "primitive",
    "static": "const",
}


def text(markup):
    """Gives the text of a piece of a page, on one line."""
    markup = re.sub(r'<a href="#" class="tooltip".*?</a>', "", markup, flags=re.S)
    markup = markup.replace('<div class="where">', " ")
    plain = html.unescape(re.sub(r"<[^>]*>", "", markup))
    plain = re.sub(r"\s+", " ", plain).strip()
    return plain.replace("( ", "(").replace(", )", ")").removeprefix("pub ").removesuffix(",")


def signature(markup):
    """Gives a declaration without what a caller need not know."""
    plain = text(markup).replace("const unsafe fn", "unsafe fn").replace("const fn ", "fn ")
    return plain if re.match(r"(unsafe )?fn |const |type |macro_rules", plain) else f"fn {plain}"


class Library:
    """What has been read so far."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = set()

    def add(self, owner, name, kind, path="", words="", page=""):
        self.rows.add("\t".join([owner, name, kind, path, words, page]))

    def read(self, page):
        return (self.folder / page).read_text(encoding="utf-8")

    def module(self, path):
        """Adds what a module holds."""
        folder = path.replace("::", "/")
        index = self.read(f"{folder}/index.html")
        for entry in re.findall(r"<dt>(.*?)</dt>", index, flags=re.S):
            link = re.search(r'<a class="(\w+)" href="([^"]+)" title="\w+ ([^"]+)"', entry)
            if not link or re.search(r"stab (unstable|deprecated)", entry):
                continue
            kind, page, target = KINDS.get(link[1]), f"{folder}/{link[2]}", link[3]
            name = target.split("::")[-1]
            if kind is None or kind == "primitive" or link[2].startswith(".."):
                continue
            own = f"{path}::{name}" if kind in ("struct", "enum", "trait", "type", "mod") else ""
            if path.startswith("std::collections::") and name in COLLECTIONS:
                continue  # it has a shorter path
            words = "" if kind == "mod" else self.item(page, kind, own)
            self.add(path, name, kind, own, words, page)

    def item(self, page, kind, own):
        """Adds an item's members, and gives its declaration."""
        content = self.read(page)
        if own and not WITHOUT_MEMBERS.match(own):
            self.members(content, own)
        declared = re.search(r'<pre class="rust item-decl"><code>(.*?)</code>', content, flags=re.S)
        plain = (
            text(re.sub(r"<details.*?</details>", "", declared[1], flags=re.S)) if declared else ""
        )
        plain = re.sub(r"#\[[^\]]*\] ?", "", plain).removeprefix("pub ")
        if kind in ("struct", "enum", "trait"):
            plain = re.split(r" ?\{| where |\(|;", plain)[0]
        if kind == "macro":
            plain = ""
        return plain.replace("const fn ", "fn ").removeprefix("pub ")

    def members(self, content, own):
        """Adds fields, variants, methods, constants and traits from a type's page."""
        begin = content.find('id="trait-implementations"')
        inherent = content[: begin if begin > 0 else len(content)]
        inherent = inherent.split('id="deref-methods')[0].split('id="implementors"')[0]
        for anchor, name, section, after in METHOD.findall(inherent):
            head = HEAD.search(section)
            if head and name not in SELDOM and not NOT_FOR_ALL.match(after):
                kind = "const" if anchor == "associatedconstant" else "method"
                words = signature(head[1])
                if kind == "method" and not re.search(r"\((&(?:'\w+ )?)?(mut )?self\b", words):
                    kind = "fn"
                self.add(own, name, kind, "", words, f"#{anchor}.{name}")
        for name, after, head in re.findall(
            r'<section id="variant\.(\w+)"(.*?)<h3 class="code-header">(.*?)</h3>',
            inherent,
            flags=re.S,
        ):
            if "unstable" not in after:
                self.add(own, name, "variant", "", text(head), f"#variant.{name}")
        for name, words in re.findall(
            r'<span id="structfield\.(\w+)".*?<code>(.*?)</code>', inherent, flags=re.S
        ):
            self.add(own, name, "field", "", text(words), f"#structfield.{name}")
        self.traits(content, own)

    def traits(self, content, own):
        """Adds the traits that a type has."""
        for start in ("trait-implementations", "blanket-implementations"):
            for listed in re.findall(rf'id="{start}-list">(.*)', content, flags=re.S):
                for path in TRAIT.findall(listed):
                    # All that can be cloned has `to_owned`: worth it where the type changes.
                    is_owned_so = own in UNSIZED and path.endswith("::ToOwned")
                    if path.split("::")[-1] in TRAITS or is_owned_so:
                        self.add(own, path.split("::")[-1], "impl", path)

    def iterators(self):
        """Adds who is an iterator: a page of a type in a module that is not read does not say so."""
        content = self.read("std/iter/trait.Iterator.html")
        for path in ITERATOR.findall(content):
            self.add(path, "Iterator", "impl", "std::iter::Iterator")

    def prelude(self):
        """Adds what is there without `use`."""
        for module in ("std/prelude/v1", "std/prelude/rust_2024"):
            content = self.read(f"{module}/index.html")
            for entry in re.findall(r"<code>pub use (.*?)</code>", content, flags=re.S):
                path = text(entry).rstrip(";").replace("{self}", "")
                target = re.search(r'title="(\w+) (std::[\w:]+)"', entry)
                owner, _, name = path.rpartition("::")
                if target and name.isidentifier():
                    self.add("std::prelude::v1", name, "use", target[2])
                elif owner.endswith(("Option", "Result")):
                    self.add("std::prelude::v1", name, "use", path)

    def all(self):
        """Reads everything, and gives the lines."""
        for module in MODULES:
            self.module(module)
        for name in PRIMITIVES:
            page = f"std/primitive.{name}.html"
            self.members(self.read(page), name)
            self.add("", name, "primitive", name, "", page)
        self.iterators()
        self.prelude()
        return sorted(self.rows)


if __name__ == "__main__":
    for row in Library(Path(sys.argv[1])).all():
        print(row)
