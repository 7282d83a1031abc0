/** Files that are there whole or not at all, on any of Beam's file systems. */
@Internal
package io.tardiff.files;

import org.apache.beam.sdk.annotations.Internal;
