package broken.nobodydependsonapp.app;

/** Breaks the rule that it is named after. */
public record Root() {}
