package dev.warung.stack.intake;

import dev.warung.testkit.PostgresFixture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One {@link Shop} for a test class, which each test finds empty: to be declared static, with {@code @RegisterExtension}. */
final class ShopFixture implements BeforeAllCallback, AfterAllCallback {

    private final PostgresFixture postgres = PostgresFixture.create();
    private @Nullable Shop shop;

    @Override
    public void beforeAll(ExtensionContext context) {
        postgres.beforeAll(context);
        shop = Shop.open(postgres.createDatabase());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Shop opened = shop;
        if (opened != null) {
            opened.close();
        }
    }

    /** Without rows and outlets. */
    Shop empty() {
        Shop opened = shop;
        if (opened == null) {
            throw new IllegalStateException("declare the fixture static, with @RegisterExtension");
        }
        opened.clear();
        return opened;
    }
}
