/** The tabs that a first visit opens with. */
globalThis.madangExamples = [
  {
    headers: '{}',
    query: `# 마당(Madang)에 오신 것을 환영합니다!
#
# 1. ▶ 또는 Ctrl-Enter로 이 탭을 실행해 로그인하세요.
#    받은 토큰은 이 창의 다른 탭에서 저절로 쓰입니다.
# 2. 나머지 탭을 차례로 실행하세요: 결제수단, 교재 신청,
#    마이페이지, 실시간 상태.
# 다른 토큰을 쓰려면 아래 Headers에:
#    { "authorization": "Bearer <accessToken>" }
#
# Welcome to Madang!
#
# 1. Run this tab with ▶ or Ctrl-Enter to sign in.
#    The other tabs of this window use the token.
# 2. Run the other tabs in their order: payment method,
#    apply for a textbook, my page, statuses live.
# For another token see Headers below, as above.
#
# Also there: manager@, trainer@, admin@madang.example
mutation SignIn {
  signIn(
    input: {
      email: "customer@madang.example"
      password: "madang-demo-1"
    }
  ) {
    accessToken
    account { id displayName roles }
  }
}
`,
  },
  {
    headers: '{}',
    query: `# 결제수단 등록: 없으면 아무것도 살 수 없습니다
# Register a payment method: nothing is sold without
mutation RegisterPaymentMethod {
  registerPaymentMethod(
    input: {
      kind: CREDIT_CARD
      number: "4242 4242 4242 4242"
    }
  ) {
    id kind maskedNumber isDefault
  }
}

# 교재 목록 / the catalogue of textbooks
query Books {
  books(first: 10) {
    edges { node { id title author price } }
  }
}
`,
  },
  {
    headers: '{}',
    query: `# 교재 신청: Books가 돌려준 id를 Variables에 넣으세요
# Apply: put an id that Books answered into Variables
mutation ApplyForTextbook($bookId: ID!) {
  applyForTextbook(
    input: {
      bookId: $bookId
      quantity: 1
      address: {
        recipient: "김마당"
        phone: "010-1234-5678"
        postalCode: "04524"
        line1: "서울특별시 중구 세종대로 110"
      }
    }
  ) {
    id status notice amount
    payment { id status }
  }
}

# 취소: 결제와 배송이 함께 취소됩니다
# Cancel: payment and delivery are cancelled together
mutation Cancel($applicationId: ID!) {
  cancelTextbookApplication(
    input: { applicationId: $applicationId }
  ) {
    id status cancellationRejectedReason
  }
}
`,
    variables: '{\n  "bookId": "",\n  "applicationId": ""\n}',
  },
  {
    headers: '{}',
    query: `# 마이페이지: 쿼리 하나로 여러 서비스에서
# My page: one query over many services
query MyPage {
  me {
    displayName
    textbookApplications(first: 5) {
      edges {
        node {
          id title status
          payment { status amount }
          delivery { status }
        }
      }
    }
    paymentMethods {
      edges { node { kind maskedNumber isDefault } }
    }
    messages(first: 5) {
      edges { node { id status } }
    }
  }
}
`,
  },
  {
    headers: '{}',
    query: `# 실시간 상태: 실행해 두고 다른 창에서 신청하세요
# Live: start this, then apply in another window
# 끊기면 / when interrupted: after: "<last cursor>"
subscription ApplicationStatus {
  applicationStatusChanged {
    status
    occurredAt
    cursor
    application {
      id title
      payment { status amount }
      delivery { status }
    }
  }
}

subscription DeliveryStatus {
  deliveryStatusChanged {
    status
    cursor
    delivery {
      id
      application { title quantity }
    }
  }
}
`,
  },
];
