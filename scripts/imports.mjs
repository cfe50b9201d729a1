// Lists what a TypeScript or JavaScript file imports.
import { readFileSync } from "node:fs";
import ts from "typescript";

const allTypes = (elements) => elements.length > 0 && elements.every((element) => element.isTypeOnly);

function isTypeImport({ importClause: clause }) {
  if (!clause) return false; // import "./x.js" runs the module
  if (clause.isTypeOnly) return true;
  return (
    !clause.name && clause.namedBindings?.kind === ts.SyntaxKind.NamedImports && allTypes(clause.namedBindings.elements)
  );
}

function isTypeExport({ isTypeOnly, exportClause }) {
  return isTypeOnly || (exportClause?.kind === ts.SyntaxKind.NamedExports && allTypes(exportClause.elements));
}

/** @returns {{ specifier: string, typeOnly: boolean, dynamic: boolean, line: number }[]} */
export function findImports(file) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (node, specifier, typeOnly, dynamic = false) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    found.push({ specifier: specifier.text, typeOnly, dynamic, line });
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeImport(node));
    else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, isTypeExport(node));
    else if (ts.isImportTypeNode(node)) add(node, node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], false, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
