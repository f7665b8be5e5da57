-- CreateTable
CREATE TABLE "kernel" (
    "name" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "kernel_pkey" PRIMARY KEY ("name")
);

GRANT SELECT, INSERT ON "kernel" TO fleet_app;
