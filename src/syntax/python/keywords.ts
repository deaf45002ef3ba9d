/**
 * A line (sticky, from its first character) that can only start a statement: inside brackets it is proof that one of
 * them was never closed. `self.x = …` counts, because a keyword argument has no dot.
 */
export const STATEMENT_LINE =
  /[ \t\f]*(?:(?:def|class|return|import|while|try|except|finally|raise|assert|del|pass|break|continue|global|nonlocal|elif|with)\b(?!\s*[=.,)\]}])|async[ \t]+(?:def|with)\b|from[ \t]+[.\w]+[ \t]+import\b|(?:if|for|else)\b[^\n\r]*:[ \t]*(?:#[^\n\r]*)?(?:[\r\n]|$)|@\w[\w.]*[ \t]*(?:\([^\n\r]*\))?[ \t]*\r?\n[ \t]*(?:@|def\b|class\b|async\b)|\w+(?:\.\w+)+[ \t]*=(?!=))/y;
