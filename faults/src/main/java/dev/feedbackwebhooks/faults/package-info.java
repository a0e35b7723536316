/** A rig that breaks the real server on purpose, and watches from outside what it promised. */
@NullMarked
package dev.feedbackwebhooks.faults;

import org.jspecify.annotations.NullMarked;
