-- CreateTable
CREATE TABLE "outbox" (
    "seq" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "time" TIMESTAMPTZ(3) NOT NULL,
    "data" JSON NOT NULL,
    "correlation_id" TEXT NOT NULL,
    "causation_id" TEXT,
    "traceparent" TEXT,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "inbox" (
    "event_id" UUID NOT NULL,
    "handler" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("event_id","handler")
);

-- CreateTable
CREATE TABLE "intent" (
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "payload" JSON NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "correlation_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_error" TEXT,

    CONSTRAINT "intent_pkey" PRIMARY KEY ("kind","key")
);

-- CreateTable
CREATE TABLE "idempotency" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "result" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_pkey" PRIMARY KEY ("scope","key")
);

-- CreateIndex
CREATE INDEX "outbox_key_seq_idx" ON "outbox"("key", "seq");

-- CreateIndex
CREATE INDEX "outbox_time_idx" ON "outbox" USING BRIN ("time");

-- CreateIndex
CREATE INDEX "inbox_at_idx" ON "inbox" USING BRIN ("at");

-- CreateIndex
CREATE INDEX "intent_due_at_idx" ON "intent"("due_at");

-- CreateIndex
CREATE INDEX "idempotency_created_at_idx" ON "idempotency" USING BRIN ("created_at");

-- What is not published yet (a partial index, which the Prisma schema cannot express)
CREATE INDEX "outbox_unpublished" ON "outbox"("seq") WHERE "published_at" IS NULL;

-- Makes a whole statement fail when one of its writes did not find the row in the version it expects
CREATE FUNCTION "expect_one"(touched BIGINT) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
BEGIN
  IF touched <> 1 THEN
    RAISE EXCEPTION 'version conflict' USING ERRCODE = 'MD001';
  END IF;
  RETURN TRUE;
END $$;
