package dev.warung.replicator.routing.match;

/** Numbers the searches of an index, so that a group can note which one saw it last. */
final class Stamps {

    private int last;

    int next() {
        return ++last;
    }
}
