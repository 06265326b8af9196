package dev.warung.replicator.outlets;

import dev.warung.core.runtime.ErrorCode;
import dev.warung.core.runtime.PipelineException;
import dev.warung.core.wire.OutletRecord;
import dev.warung.core.wire.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The Kafka users of outlets, where brokers have an authorizer: each may read its private topic, the topics that stand in it, and publish its
 * position, and nothing else.
 *
 * <p>Topics are allowed one by one, never by a common beginning of their names: another shape's could begin the same.
 *
 * <p>Thread: any.
 */
public final class OutletAccess {

    private static final String ANY_HOST = "*";
    private static final int ITERATIONS = 4096;

    private final Admin admin;
    private final Topics topics;

    public OutletAccess(Admin admin, Topics topics) {
        this.admin = admin;
        this.topics = topics;
    }

    /** The name of an outlet's user. */
    public String user(String code) {
        return topics.outlet(code);
    }

    /** What a user's Kafka clients need beside the brokers' address and the protocol. */
    public static Map<String, String> clientProperties(String user, String password) {
        return Map.of(
                "sasl.mechanism",
                ScramMechanism.SCRAM_SHA_512.mechanismName(),
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                        + password + "\";");
    }

    /** Makes the user, or gives it another password. @throws PipelineException KAFKA_NOT_READY if the brokers refuse */
    public void setPassword(String code, String password) {
        await(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        user(code), new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), password)))
                .all());
    }

    /** Lets the user read what says which topics it may read more, and publish its position. */
    public void allowOwn(String code) {
        await(admin.createAcls(own(code)).all());
    }

    /** Lets the user read its own topic and these; what it might read before and not now is taken away. */
    public void allow(String code, Collection<OutletRecord.Feed> feeds) {
        Set<AclBinding> wanted = new HashSet<>(own(code));
        feeds.forEach(feed -> wanted.add(read(code, ResourceType.TOPIC, feed.topic())));
        Set<AclBinding> present =
                new HashSet<>(await(admin.describeAcls(all(code)).values()));
        List<AclBinding> missing = new ArrayList<>(wanted);
        missing.removeAll(present);
        present.removeAll(wanted);
        // First away, then more: an outlet that moves to another tenant never reads both.
        if (!present.isEmpty()) {
            await(admin.deleteAcls(present.stream().map(AclBinding::toFilter).toList())
                    .all());
        }
        if (!missing.isEmpty()) {
            await(admin.createAcls(missing).all());
        }
    }

    /** Takes away the user with all that it might do. */
    public void remove(String code) {
        await(admin.deleteAcls(List.of(all(code))).all());
        try {
            admin.alterUserScramCredentials(
                            List.of(new UserScramCredentialDeletion(user(code), ScramMechanism.SCRAM_SHA_512)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof ResourceNotFoundException)) {
                throw refused(e);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private String principal(String code) {
        return "User:" + user(code);
    }

    private List<AclBinding> own(String code) {
        return List.of(
                read(code, ResourceType.TOPIC, topics.outlet(code)),
                allowed(code, ResourceType.TOPIC, topics.upload(code), AclOperation.WRITE),
                read(code, ResourceType.GROUP, topics.monitoringGroup("outlet", code)));
    }

    private AclBinding read(String code, ResourceType type, String name) {
        return allowed(code, type, name, AclOperation.READ);
    }

    private AclBinding allowed(String code, ResourceType type, String name, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry(principal(code), ANY_HOST, operation, AclPermissionType.ALLOW));
    }

    private AclBindingFilter all(String code) {
        return new AclBindingFilter(
                ResourcePatternFilter.ANY,
                new AccessControlEntryFilter(principal(code), null, AclOperation.ANY, AclPermissionType.ANY));
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw refused(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static PipelineException refused(ExecutionException e) {
        return new PipelineException(
                ErrorCode.KAFKA_NOT_READY, "users and their rights cannot be changed: " + e.getCause() + ".", e);
    }

    private static PipelineException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new PipelineException(ErrorCode.KAFKA_UNREACHABLE, "interrupted.", e);
    }
}
