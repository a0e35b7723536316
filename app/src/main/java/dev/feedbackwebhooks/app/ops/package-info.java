/** The HTTP listener of the operators' port, with bounds on what a connection may take. */
@NullMarked
package dev.feedbackwebhooks.app.ops;

import org.jspecify.annotations.NullMarked;
