package io.pairbatch.spec;

/// The part of docs/JOB.md that lists a field.
enum Section {
    JUDGED("What is judged, and how"),
    PROVIDER("The provider and its options"),
    BATCHES("Batches and calls"),
    SAMPLES("Samples, checks and identity"),
    RESULTS("Result files"),
    FILING("Study, labels and verbose"),
    EDITOR("In an editor"),
    REFUSED("Fields that are refused for now");

    private final String title;

    Section(String title) {
        this.title = title;
    }

    /// Its heading, without the Markdown.
    String title() {
        return title;
    }
}
