package broken.clientsknowonlytheapi.cli;

import broken.clientsknowonlytheapi.domain.Thing;

record Bad(Thing thing) {}
