// Package expr is the closed language of a project file's conditions: when a question is shown or required, when a disagreement goes to
// the adjudicator.
//
//	expression = and { "or" and }
//	and        = not { "and" not }
//	not        = "not" not | comparison
//	comparison = operand [ ("==" | "!=" | "<" | "<=" | ">" | ">=") operand | [ "not" ] "in" list ]
//	operand    = number | text | field | has(field) | contains(field, text) | "(" expression ")"
//	list       = "[" literal { "," literal } "]"
//	field      = name { "." name }
//
// Numbers are decimal; texts stand in single or double quotes and have no escapes; names are letters, digits and _. There is nothing else: no
// arithmetic, no functions but has and contains, no way to reach outside.
//
// A field that has no value makes a comparison Unknown, never silently false; and, or and not follow Kleene's three-valued logic. has(field) is
// the one way to ask whether there is a value. What Unknown means is the caller's decision, and it learns which fields were missing.
//
// The package evaluates; which fields exist is said by its callers.
package expr
