package io.pairbatch.standins;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ObjectIdsTest {

    @Test
    void aVersionsIdRevealsItsPosition() {
        for (long order = 1; order < 1000; order++) {
            assertThat(ObjectIds.order(ObjectIds.version(order))).hasValue(order);
        }
        assertThat(ObjectIds.order("null")).hasValue(0);
    }

    @Test
    void anythingElseRevealsNone() {
        String id = ObjectIds.version(7);

        assertThat(ObjectIds.order("")).isEmpty();
        assertThat(ObjectIds.order(id.substring(1))).isEmpty();
        assertThat(ObjectIds.order(id.substring(16) + id.substring(0, 16))).isEmpty();
        assertThat(ObjectIds.order("x".repeat(32))).isEmpty();
        assertThat(ObjectIds.order(id.replaceAll("[0-9a-f]", "é"))).isEmpty();
    }

    @Test
    void theIdsOfUploadsGrow() {
        for (long order = 1; order < 1000; order++) {
            assertThat(ObjectIds.upload(order)).isLessThan(ObjectIds.upload(order + 1));
        }
    }
}
