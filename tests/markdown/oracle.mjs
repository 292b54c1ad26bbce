// What JupyterLab makes of each snippet: writes readings.json.
//
//     npm install --ignore-scripts && npm run readings
//
// The Markdown goes through JupyterLab's own renderer (its extraction of formulas, its parser, its
// sanitiser) within jsdom; MathJax, with JupyterLab's options, says what it takes for a formula.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { JSDOM } from 'jsdom';

const here = path.dirname(fileURLToPath(import.meta.url));
const window = new JSDOM('<!DOCTYPE html><body></body>', { url: 'http://localhost/' }).window;
for (const name of ['window', 'document', 'navigator', 'Node', 'NodeList', 'HTMLElement', 'HTMLAnchorElement', 'Element',
  'DOMParser', 'MutationObserver', 'DragEvent', 'Event', 'CustomEvent', 'getComputedStyle', 'Image',
  'localStorage', 'sessionStorage', 'Document', 'DocumentFragment', 'XMLSerializer', 'Range', 'WebSocket']) {
  const value = name === 'window' ? window : window[name] ?? class {};
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
const require = createRequire(import.meta.url);
const lab = require('./bundle.cjs');
const { mathjax } = require('mathjax-full/js/mathjax.js');
const { TeX } = require('mathjax-full/js/input/tex.js');
const { AllPackages } = require('mathjax-full/js/input/tex/AllPackages.js');
const { HTMLHandler } = require('mathjax-full/js/handlers/html/HTMLHandler.js');
const { browserAdaptor } = require('mathjax-full/js/adaptors/browserAdaptor.js');

mathjax.handlers.register(new HTMLHandler(browserAdaptor()));

/** As of @jupyterlab/mathjax-extension; but bussproofs needs a layout, and an unknown command is an error. */
function mathDocument() {
  return mathjax.document(window.document, {
    InputJax: new TeX({
      packages: AllPackages.filter(name => !['bussproofs', 'noundefined'].includes(name)).concat('require'),
      inlineMath: [['$', '$'], ['\\(', '\\)']],
      displayMath: [['$$', '$$'], ['\\[', '\\]']],
      processEscapes: true,
      processEnvironments: true,
    }),
  });
}

const BOTH = [['i', 'em'], ['b', 'strong'], ['strike', 'del'], ['s', 'del']];
const BLOCKS = new Set(('address article aside blockquote caption center dd details div dl dt figcaption figure ' +
  'footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul').split(' '));

/** Gives a node as a line of text: elements, their text, and the few attributes that mean something. */
function tree(node) {
  if (node.nodeType === 3) {
    const text = node.data.replace(/[ \t\r\n]+/g, ' ');
    return text;
  }
  if (node.nodeType !== 1) return '';
  let name = node.localName;
  for (const [one, other] of BOTH) if (name === one) name = other;
  if (name === 'a' && node.classList.contains('jp-InternalAnchorLink')) return '';
  if (name === 'x-formula') return `⟨${node.getAttribute('n')}⟩`;
  const inner = name === 'pre' ? node.textContent.replace(/\n$/, '')
    : [...node.childNodes].map(tree).join('');
  let said = '';
  const of = attribute => node.getAttribute(attribute);
  if (name === 'a' && of('href')) said = ` ${decode(of('href'))}`;
  if (name === 'img') said = ` ${decode(of('src') ?? '')}|${of('alt') ?? ''}`;
  if (name === 'ol' && of('start') && of('start') !== '1') said = ` ${of('start')}`;
  if (name === 'input') return of('checked') === null ? '☐' : '☒';
  if (name === 'td' || name === 'th') {
    for (const span of ['colspan', 'rowspan']) if (of(span)) said += ` ${span}=${of(span)}`;
  }
  if (name === 'br') return '<br>';
  if (name === 'hr') return '<hr>';
  if (name === 'img') return `<img${said}>`;
  // What says nothing of structure is left to its content.
  if (['span', 'font', 'tbody', 'html', 'body'].includes(name)) return inner;
  return `<${name}${said}>${inner}</${name}>`;
}

/** White space beside blocks shows nowhere. */
function tidy(text) {
  const block = `</?(?:${[...BLOCKS].join('|')}|br)(?: [^<>]*)?>`;
  return text
    .replace(new RegExp(` *(${block}) *`, 'g'), '$1')
    .trim();
}

function decode(address) {
  try { return decodeURI(address); } catch { return address; }
}

/** Puts a marker in place of each formula that MathJax finds; gives what they are. */
function takeFormulas(host, doc) {
  doc.options.elements = [host];
  doc.clear().reset();
  doc.findMath();
  // A dollar sign behind a back-slash is a formula to MathJax that shows the sign.
  const found = [...doc.math].filter(item => item.display !== null);
  const formulas = found.map(item => {
    const delimiters = item.start.delim;
    let error = null;
    try {
      item.compile(doc);
      item.root.walkTree(node => {
        if (node.isKind('merror')) error = node.attributes.get('data-mjx-error') ?? 'error';
      });
    } catch (failure) { error = String(failure.message ?? failure); }
    return { tex: item.math.trim(), display: item.display, reads: error === null, delimiters };
  });
  // From the last to the first, so that earlier places stay.
  for (let number = found.length - 1; number >= 0; number--) {
    const { start, end } = found[number];
    const range = window.document.createRange();
    range.setStart(start.node, start.n);
    range.setEnd(end.node, end.n);
    range.deleteContents();
    const marker = window.document.createElement('x-formula');
    marker.setAttribute('n', formulas[number].display ? 'display' : 'inline');
    range.insertNode(marker);
  }
  return formulas.map(({ tex, display, reads }) => ({ tex, display, reads }));
}

function snippets(text) {
  return text.split(/^=== /m).slice(1).map(part => {
    const end = part.indexOf('\n');
    const cells = part.slice(end + 1).replace(/\n$/, '').split(/^--- next cell\n/m);
    return { name: part.slice(0, end), cells: cells.map(cell => cell.replace(/\n$/, '')) };
  });
}

async function readings() {
  const parser = lab.createMarkdownParser(null, {});
  const sanitizer = new lab.Sanitizer();
  const read = {};
  for (const { name, cells } of snippets(fs.readFileSync(path.join(here, 'snippets.txt'), 'utf8'))) {
    const doc = mathDocument();
    const of = { tree: [], formulas: [] };
    for (const source of cells) {
      const host = window.document.createElement('div');
      window.document.body.append(host);
      await lab.renderMarkdown({ host, source, markdownParser: parser, sanitizer, trusted: false,
        shouldTypeset: false, resolver: null, linkHandler: null, latexTypesetter: null });
      of.formulas.push(...takeFormulas(host, doc));
      of.tree.push(tidy([...host.childNodes].map(tree).join('')));
      host.remove();
    }
    read[name] = of;
  }
  return read;
}

const read = await readings();
fs.writeFileSync(path.join(here, 'readings.json'), JSON.stringify(read, null, 1) + '\n');
console.log(`${Object.keys(read).length} readings`);
