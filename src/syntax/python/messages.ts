/**
 * English sentences by the parser's message key, grouped by sentence. Every key that the parser asks for is listed
 * (a test compares the two), because the bundle has no other messages.
 */
const KEYS_BY_SENTENCE: Readonly<Record<string, string>> = {
  "an expression is expected":
    "expectedExpr expectedAssignRightHandExpr expectedBinaryRightHandExpr expectedReturnExpr expectedYieldExpr " +
    "expectedDelExpr expectedSliceIndex expectedInExpr expectedDecoratorExpr unexpectedExprToken",
  "'(' was never closed": "expectedCloseParen",
  "'[' was never closed": "expectedCloseBracket",
  "'{' was never closed": "expectedCloseBrace",
  "'(' is expected": "expectedOpenParen",
  "':' is expected": "expectedColon",
  "'=' is expected": "expectedEquals",
  "'->' is expected": "expectedArrow",
  "'in' is expected": "expectedIn",
  "'else' is expected": "expectedElse",
  "'import' is expected": "expectedImport",
  "'case' is expected": "expectedCase zeroCaseStatementsFound",
  "a name is expected":
    "expectedIdentifier expectedClassName expectedFunctionName expectedImportAlias expectedImportSymbols " +
    "expectedMemberName expectedModuleName expectedNameAfterAs expectedParamName expectedNamedParameter " +
    "expectedTypeParameterName keywordParameterMissing typeParametersMissing",
  "a pattern is expected": "expectedPatternExpr expectedPatternValue expectedComplexNumberLiteral",
  "an indented block is expected": "expectedIndentedBlock",
  "a new line is expected": "expectedNewline expectedNewlineOrSemicolon expectedDecoratorNewline",
  "a function or class is expected after a decorator": "expectedAfterDecorator",
  "'def', 'with' or 'for' is expected after 'async'": "expectedFunctionAfterAsync unexpectedAsyncToken",
  "the string is never closed": "stringUnterminated",
  "the text ends too early": "unexpectedEof",
  "unexpected indent": "unexpectedIndent",
  "this unindent matches no outer indent": "unexpectedUnindent inconsistentIndent",
  "tabs and spaces are mixed": "inconsistentTabs",
  "invalid character": "invalidIdentifierChar invalidTokenChars stringNonAsciiBytes backticksIllegal",
  "invalid f-string":
    "formatStringBrace formatStringBytes formatStringDebuggingIllegal formatStringExpectedConversion " +
    "formatStringIllegal formatStringInPattern formatStringNestedFormatSpecifier formatStringTemplate " +
    "formatStringUnicode formatStringUnterminated",
  "template strings need Python 3.14": "templateStringBytes templateStringIllegal templateStringUnicode",
  "'return' outside a function": "returnOutsideFunction",
  "'break' outside a loop": "breakOutsideLoop",
  "'continue' outside a loop": "continueOutsideLoop",
  "not allowed in an except* or finally block":
    "breakInExceptionGroup continueInExceptionGroup returnInExceptionGroup finallyBreak finallyContinue finallyReturn",
  "invalid except clause":
    "exceptGroupMismatch exceptGroupRequiresType exceptRequiresParens exceptWithAsRequiresParens " +
    "exceptionGroupIncompatible namedExceptAfterCatchAll duplicateCatchAll",
  "'try' needs an 'except' or 'finally' clause": "tryWithoutExcept",
  "invalid parameter list":
    "defaultValueNotAllowed duplicateArgsParam duplicateKeywordOnly duplicateKwargsParam duplicateParam " +
    "duplicatePositionOnly keywordOnlyAfterArgs nonDefaultAfterDefault paramAfterKwargsParam positionOnlyAfterArgs " +
    "positionOnlyAfterKeywordOnly positionOnlyFirstParam positionOnlyIncompatible sublistParamsIncompatible",
  "a positional argument follows a keyword argument": "positionArgAfterNamedArg positionArgAfterUnpackedDictArg",
  "a keyword is not allowed in an index": "keywordSubscriptIllegal unpackedDictSubscriptIllegal",
  "'*' is not allowed here":
    "unpackOperatorNotAllowed unpackTuplesIllegal unpackedSubscriptIllegal unpackInDict unpackInSet " +
    "unpackIllegalInComprehension dictExpandIllegalInComprehension duplicateUnpack",
  "a dict needs 'key: value' in every entry": "dictKeyValuePairs keyValueInSet comprehensionInDict comprehensionInSet",
  "the generator expression needs parentheses": "generatorNotParenthesized",
  "':=' is not allowed here":
    "walrusNotAllowed walrusNotAllowedInComprehension walrusIllegal assignmentExprInSubscript",
  "'<>' is not an operator": "operatorLessOrGreaterDeprecated",
  "invalid pattern":
    "casePatternIsIrrefutable duplicateCapturePatternTarget duplicateStarPattern duplicateStarStarPattern " +
    "orPatternIrrefutable orPatternMissingName starPatternInAsPattern starPatternInOrPattern starStarWildcardNotAllowed",
  "invalid import": "lazyImportIllegal lazyImportWildcardIllegal relativeImportNotAllowed trailingCommaInFromImport",
  "nested too deeply": "maxParseDepthExceeded",
  "invalid annotation":
    "annotationFormatString annotationSpansStrings annotationStringEscape typeParameterBoundNotAllowed",
  "not available in this Python version":
    "awaitIllegal classTypeParametersIllegal functionTypeParametersIllegal matchIncompatible " +
    "parenthesizedContextManagerIllegal typeAliasStatementIllegal typeVarDefaultIllegal varAnnotationIllegal " +
    "yieldFromIllegal",
};

/** Sentence by message key. */
export const SENTENCES: ReadonlyMap<string, string> = new Map(
  Object.entries(KEYS_BY_SENTENCE).flatMap(([sentence, keys]) => keys.split(" ").map((key) => [key, sentence])),
);

/** The sentence of a key; "invalid syntax" for one that is not listed. */
export function sentence(key: string): string {
  return SENTENCES.get(key) ?? "invalid syntax";
}
