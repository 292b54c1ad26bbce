// What oracle.mjs needs of JupyterLab; its packages load styles and pictures, which node cannot.
export { renderMarkdown } from '@jupyterlab/rendermime';
export { createMarkdownParser } from '@jupyterlab/markedparser-extension';
export { Sanitizer } from '@jupyterlab/apputils';
