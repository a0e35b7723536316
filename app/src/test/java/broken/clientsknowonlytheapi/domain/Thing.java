package broken.clientsknowonlytheapi.domain;

/** Of the domain. */
public record Thing(int number) {}
