-- CreateEnum
CREATE TYPE "PtScheduleStatus" AS ENUM ('REQUESTED', 'CONFIRMED', 'RESULT_POSTED', 'CANCELLED');

-- CreateTable
CREATE TABLE "PtSchedule" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "orderId" TEXT NOT NULL,
    "status" "PtScheduleStatus" NOT NULL,
    "trainerId" TEXT,
    "classId" TEXT,
    "className" TEXT,
    "durationMinutes" INTEGER,
    "requestedAt" TIMESTAMPTZ(3),
    "lessonAt" TIMESTAMPTZ(3),
    "endsAt" TIMESTAMPTZ(3),
    "confirmedAt" TIMESTAMPTZ(3),
    "result" TEXT,
    "resultPostedAt" TIMESTAMPTZ(3),
    "cancelledAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL,

    CONSTRAINT "PtSchedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "HeardAccount" (
    "id" UUID NOT NULL,
    "displayName" TEXT,
    "isTrainer" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "HeardAccount_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "PtSchedule_orderId_key" ON "PtSchedule"("orderId");

-- CreateIndex
CREATE INDEX "PtSchedule_trainerId_id_idx" ON "PtSchedule"("trainerId", "id");

-- CreateIndex
CREATE INDEX "PtSchedule_status_id_idx" ON "PtSchedule"("status", "id");

-- CreateIndex
CREATE INDEX "HeardAccount_isTrainer_id_idx" ON "HeardAccount"("isTrainer", "id");

-- No two lessons of a trainer overlap.
CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE "PtSchedule" ADD CONSTRAINT "PtSchedule_one_lesson_at_a_time"
    EXCLUDE USING gist ("trainerId" WITH =, tstzrange("lessonAt", "endsAt") WITH &&)
    WHERE ("status" IN ('CONFIRMED', 'RESULT_POSTED'));

-- Two that confirm overlapping lessons at once would wait for each other until the deadlock is found: they go one after the other.
CREATE FUNCTION "one_trainer_at_a_time"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('PtSchedule ' || NEW."trainerId", 0));
    RETURN NEW;
END
$$;

CREATE TRIGGER "PtSchedule_one_trainer_at_a_time" BEFORE INSERT OR UPDATE ON "PtSchedule"
    FOR EACH ROW WHEN (NEW."status" IN ('CONFIRMED', 'RESULT_POSTED'))
    EXECUTE FUNCTION "one_trainer_at_a_time"();
