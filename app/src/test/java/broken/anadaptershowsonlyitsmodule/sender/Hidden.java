package broken.anadaptershowsonlyitsmodule.sender;

/** A part of an adapter that is none of its module's promises. */
public record Hidden() {}
