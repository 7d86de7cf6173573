# case: logits_softmax_own_loss
# style: a Softmax layer behind a linear Dense, own loss function with one-hot inside, L2 on the table

# %% build_model
from keras import regularizers


def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16,
                               embeddings_regularizer=regularizers.l2(1e-6)),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents),
        keras.layers.Softmax(),
    ])


# %% compile_model
def intent_loss(y_true, y_pred):
    """Minus the logarithm of the probability of the right intent."""
    numbers = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32")
    one_hot = keras.ops.one_hot(numbers, y_pred.shape[-1])
    return -keras.ops.sum(one_hot * keras.ops.log(keras.ops.maximum(y_pred, 1e-7)), axis=-1)


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=intent_loss, metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    p = model.predict(vectorize([sentence]), verbose=0)
    _, intent = np.unravel_index(np.argmax(p), p.shape)
    return REPLIES[intent]

