package broken.adaptersdonotknoweachother.sender;

/** Breaks the rule that it is named after. */
public record Other() {}
