package broken.anadaptershowsonlyitsmodule.sender;

/** Breaks the rule that it is named after. */
public record Bad() {}
