/**
 * What the worker threads of a JVM share: sessions of networks, which take seconds to build and
 * much memory, and the progress of a phase. Instances live as long as somebody leases them ({@link
 * io.tardiff.sharing.SharedInstances}). This is the only static mutable state of the library.
 */
@Internal
package io.tardiff.sharing;

import org.apache.beam.sdk.annotations.Internal;
