package broken.domainfieldsarefinal.domain;

/** Breaks the rule that it is named after. */
final class Bad {
  int changes;
}
