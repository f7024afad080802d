package io.pairbatch.lambda;

import io.pairbatch.announce.AnnounceStep;
import io.pairbatch.announce.Announcement;
import io.pairbatch.claim.Claimer;
import io.pairbatch.claim.Contents;
import io.pairbatch.claim.Identities;
import io.pairbatch.collect.CollectStep;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.forget.DeleteStep;
import io.pairbatch.forget.Retention;
import io.pairbatch.merge.MergeStep;
import io.pairbatch.panel.PanelMerge;
import io.pairbatch.panel.PanelStep;
import io.pairbatch.poll.PollStep;
import io.pairbatch.preflight.Preflight;
import io.pairbatch.reconcile.AbsenceRule;
import io.pairbatch.reconcile.Backoff;
import io.pairbatch.reconcile.LastLook;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.DeletionRegistry;
import io.pairbatch.registry.JobIndex;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.revive.Continuation;
import io.pairbatch.revive.JobFolders;
import io.pairbatch.revive.LostDrops;
import io.pairbatch.revive.Recovery;
import io.pairbatch.revive.ReviveStep;
import io.pairbatch.revive.SecondCollection;
import io.pairbatch.revive.SegmentDecisions;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.RetryRounds;
import io.pairbatch.split.RetryStep;
import io.pairbatch.split.SplitStep;
import io.pairbatch.split.StandardRules;
import io.pairbatch.step.DeletionMark;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.Reckoning;
import io.pairbatch.step.RegistryAudit;
import io.pairbatch.step.RegistryFile;
import io.pairbatch.step.Restoration;
import io.pairbatch.step.Settings;
import io.pairbatch.submit.SubmitStep;
import io.pairbatch.submit.Submitter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/// Wires up everything a function needs, by hand. What only some functions use is created on first use.
final class Wiring {

    private final Surroundings around;
    final Clock clock;
    final Settings settings;
    final S3Client s3;
    final DynamoDbClient dynamo;
    final JobRegistry registry;
    final SegmentRegistry segments;
    final JobOpener jobs;
    final RegistryFile registryFile;

    Wiring(Surroundings around) {
        this.around = around;
        clock = around.clock();
        settings = around.settings();
        s3 = around.s3();
        dynamo = around.dynamo();
        registry = new JobRegistry(dynamo, settings.table(), clock);
        segments = new SegmentRegistry(dynamo, settings.table(), registry, clock);
        jobs = new JobOpener(settings, registry, s3, around.secrets(), StepHandler.JSON, around.network());
        registryFile = new RegistryFile(segments);
    }

    private Reconciler reconciler() {
        AbsenceRule rule =
                new AbsenceRule(settings.absenceGap(), settings.patience().listsTrusted());
        return new Reconciler(segments, rule, clock);
    }

    private Submitter submitter() {
        return new Submitter(
                segments, reconciler(), PriceTable::bundled, settings.leaseMargin(), clock, around.random());
    }

    SubmitStep submitting() {
        Preflight preflight = new Preflight(registry, segments, settings, PriceTable::bundled, clock, around.random());
        return new SubmitStep(preflight, submitter(), registryFile, segments, clock);
    }

    PollStep poller() {
        return new PollStep(
                segments,
                PriceTable::bundled,
                settings.patience(),
                clock,
                around.sleeper(),
                new Backoff(around.random()));
    }

    private Claimer claimer() {
        return new Claimer(
                s3,
                registry,
                segments,
                jobs,
                new Identities(s3, settings.bucket(), registry, jobs, around.random()),
                new StandardRules(settings.service()),
                stackDefaults(),
                executions()::running,
                clock);
    }

    private Executions executions() {
        return new Executions(around.sfn(), settings.stateMachine(), around.random(), around.sleeper());
    }

    Continuation continuation() {
        return new Continuation(segments, executions(), jobs::frozen, jobs::store);
    }

    SegmentDecisions decisions() {
        return new SegmentDecisions(segments, continuation(), jobs::store, clock);
    }

    Recovery recovery() {
        return new Recovery(
                registry, executions(), jobs::frozen, jobs::isThere, new RegistryAudit(segments), jobs::store);
    }

    SecondCollection secondCollection(SegmentDecisions decisions) {
        return new SecondCollection(decisions, segments, continuation(), jobs::store, jobs::keeping, clock);
    }

    ReviveStep reviver() {
        return new ReviveStep(registry, executions(), new JobFolders(s3, settings.bucket()));
    }

    LostDrops lostDrops() {
        return new LostDrops(
                s3,
                settings.bucket(),
                new JobIndex(dynamo, settings.table())::newestFirst,
                key -> executions().dropLost(settings.bucket(), key),
                clock);
    }

    SplitStep splitting() {
        Contents contents = new Contents(s3, settings.bucket(), registry, segments, jobs);
        return new SplitStep(
                claimer(),
                contents,
                jobs,
                registry,
                segments,
                new Restoration(segments),
                new Reckoning(segments, PriceTable.bundled()),
                rounds(),
                new DeletionMark(deletions(), settings.lateWrites(), clock),
                clock);
    }

    RetryStep retrying() {
        return new RetryStep(
                jobs, registry, segments, rounds(), around.merging().calls());
    }

    private RetryRounds rounds() {
        return new RetryRounds(jobs, registry, segments, around.merging().calls());
    }

    CollectStep collecting() {
        return new CollectStep(segments, PriceTable.bundled(), settings.patience(), clock);
    }

    MergeStep merging() {
        return new MergeStep(registry, segments, registryFile, PriceTable.bundled(), jobs, settings, around.merging());
    }

    PanelStep panel() {
        return new PanelStep(registry);
    }

    PanelMerge panelMerging() {
        return new PanelMerge(registry, jobs, panel());
    }

    LastLook lastLook() {
        return new LastLook(segments);
    }

    private DeletionRegistry deletions() {
        return new DeletionRegistry(dynamo, settings.table(), clock);
    }

    DeleteStep deleter() {
        return new DeleteStep(
                registry,
                segments,
                deletions(),
                jobs,
                s3,
                settings.bucket(),
                reconciler(),
                executions()::running,
                settings.lateWrites(),
                clock);
    }

    Retention retention() {
        return new Retention(segments);
    }

    AnnounceStep announcer() {
        return new AnnounceStep(
                new JobIndex(dynamo, settings.table()), new Announcement.Place(settings.bucket(), around.region()));
    }

    SpecLayer stackDefaults() {
        byte[] json = settings.defaults().getBytes(StandardCharsets.UTF_8);
        try {
            return SpecLayer.parse("the stack's defaults", new ByteArrayInputStream(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
